import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { readBusyboxVersion, writeBusyboxImage } from '../images/busybox-image.ts';
import { readFolderDigest } from '../images/image-folder.ts';
import { listen, startForeignRegistry, type Trick } from '../testing/foreign-registry.ts';
import { type ForeignImage, fetchForeignImage, inspectForeignDigest, listedForeignDigest } from './foreign-image.ts';
import type { RegistryError } from './registry-error.ts';

const LOGIN = { user: 'builder', password: 'canary-of-the-login' };
const basic = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;

let work: string;
let image: string;

before(async () => {
  work = await mkdtemp(join(tmpdir(), 'slipway-login-test-'));
  image = join(work, 'image');
  await writeBusyboxImage(image, await readBusyboxVersion());
});

after(() => rm(work, { recursive: true, force: true }));

/** Every request with a login that a server got. */
function noteLogins(seen: string[], request: IncomingMessage): void {
  if (request.headers.authorization === basic) seen.push(`${request.headers.host} ${request.url?.split('?')[0]}`);
}

test('sends a login to the token service that the registry names, and nowhere else', async (t) => {
  const seen: string[] = [];
  const registry = await startForeignRegistry(t, image, (request) => {
    noteLogins(seen, request);
    return false;
  });
  const asked: ForeignImage = { ...registry.image('team/app:v1'), login: LOGIN };
  const folder = join(work, 'by-token');
  await fetchForeignImage({ ...asked, folder });
  assert.equal((await inspectForeignDigest(asked)).digest, await readFolderDigest(folder));
  assert.deepEqual(
    seen.map((call) => call.split(' ')[1]),
    ['/token', '/token'],
  );
});

test('sends Basic credentials to a registry that wants them, and names the user that it refuses', async (t) => {
  const trick: Trick = (request, response) => {
    if (request.headers.authorization === basic) {
      request.headers.authorization = 'Bearer anonymous-token';
      return false;
    }
    response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    return true;
  };
  const registry = await startForeignRegistry(t, image, trick);
  const folder = join(work, 'by-basic');
  await fetchForeignImage({ ...registry.image('team/app:v1'), login: LOGIN, folder });
  assert.equal(await readFolderDigest(folder), await readFolderDigest(image));
  const wrong = { ...registry.image('team/app:v1'), login: { ...LOGIN, password: 'wrong' } };
  await assert.rejects(
    inspectForeignDigest(wrong),
    /refuses access to builder .*slipway registry login registry\.example/,
  );
  await assert.rejects(inspectForeignDigest(registry.image('team/app:v1')), (error) => {
    return /none are set for it/.test((error as Error).message) && (error as RegistryError).status === 401;
  });
});

test('sends no login to a host that a redirect leads to, nor to a token service named there', async (t) => {
  const seen: string[] = [];
  const other = await listen(
    t,
    createServer((request, response) => {
      noteLogins(seen, request);
      const own = `http://${request.headers.host}`;
      if (request.url?.startsWith('/token')) response.end(JSON.stringify({ token: 'x' }));
      else if (request.headers.authorization === 'Bearer x') response.writeHead(404).end();
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${own}/token", Basic realm="x"` }).end();
    }),
  );
  const basicOnly = await listen(
    t,
    createServer((request, response) => {
      noteLogins(seen, request);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    }),
  );
  for (const port of [other, basicOnly]) {
    const registry = await startForeignRegistry(t, image, (request, response) => {
      if (!request.url?.includes('/manifests/')) return false;
      response.writeHead(307, { location: `http://other.example:${port}/elsewhere` }).end();
      return true;
    });
    await assert.rejects(inspectForeignDigest({ ...registry.image('team/app:v1'), login: LOGIN }));
  }
  assert.deepEqual(
    seen.filter((call) => call.startsWith('other.example')),
    [],
  );
});

test('looks up a name without fetching it, if the registry tells its digest', async (t) => {
  const digest = await readFolderDigest(image);
  const methods: (string | undefined)[] = [];
  const registry = await startForeignRegistry(t, image, (request, response) => {
    if (request.url?.includes('/manifests/')) methods.push(request.method);
    if (request.method !== 'HEAD' || request.headers.authorization === undefined) return false;
    response.writeHead(200, { 'docker-content-digest': digest }).end();
    return true;
  });
  assert.equal(await listedForeignDigest(registry.image('team/app:v1')), digest);
  assert.ok(methods.every((method) => method === 'HEAD'));
  const other = await startForeignRegistry(t, image);
  assert.equal(await listedForeignDigest(other.image('team/app:v1')), undefined);
});
