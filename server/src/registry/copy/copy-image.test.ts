import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { MANIFEST_TYPES } from '../distribution/child-registry.ts';
import { RegistryError } from '../foreign/registry-error.ts';
import { listen, startCanary } from '../testing/foreign-registry.ts';
import { copyImage } from './copy-image.ts';
import { type ForeignPlace, foreignSource, foreignTarget } from './foreign-copy.ts';
import { ownSource, ownTarget } from './own-copy.ts';

const OCI = 'application/vnd.oci.image.';
const DOCKER = 'application/vnd.docker.distribution.';
const sha = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: sha(bytes), size: bytes.length });

/** A list of two images of different kinds, with a layer that both have. */
const SHARED = Buffer.alloc(70_000, 'layer');
const CONFIGS = [json({ os: 'linux', architecture: 'amd64' }), json({ os: 'linux', architecture: 'arm64' })] as const;
const OCI_IMAGE = json({
  schemaVersion: 2,
  mediaType: `${OCI}manifest.v1+json`,
  config: describe(`${OCI}config.v1+json`, CONFIGS[0]),
  layers: [describe(`${OCI}layer.v1.tar+gzip`, SHARED)],
});
const DOCKER_IMAGE = json({
  schemaVersion: 2,
  mediaType: `${DOCKER}manifest.v2+json`,
  config: describe('application/vnd.docker.container.image.v1+json', CONFIGS[1]),
  layers: [describe('application/vnd.docker.image.rootfs.diff.tar.gzip', SHARED)],
});
const LIST = json({
  schemaVersion: 2,
  mediaType: `${OCI}index.v1+json`,
  manifests: [describe(`${OCI}manifest.v1+json`, OCI_IMAGE), describe(`${DOCKER}manifest.v2+json`, DOCKER_IMAGE)],
});
const TYPES = new Map([
  [sha(OCI_IMAGE), `${OCI}manifest.v1+json`],
  [sha(DOCKER_IMAGE), `${DOCKER}manifest.v2+json`],
  [sha(LIST), `${OCI}index.v1+json`],
]);
const BLOBS = [SHARED, ...CONFIGS];
const MANIFESTS = [OCI_IMAGE, DOCKER_IMAGE, LIST];

let own: RegistryUnderTest;
let other: RegistryUnderTest;
before(async () => {
  [own, other] = await Promise.all([startRegistryUnderTest(), startRegistryUnderTest()]);
});
after(async () => {
  await own[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** A repository of `own` that exists. */
async function ownPlace(name: string) {
  await own.fetchToken(ROOT_USER, ROOT_PASSWORD, [`repository:team/${name}:pull,push`]);
  return { namespaceName: 'team', name };
}

function otherPlace(name: string): ForeignPlace {
  const login = { user: ROOT_USER, password: ROOT_PASSWORD };
  const host = new URL(other.url).host;
  // The realm that it names is another than the one it listens on.
  return {
    host,
    repository: `team/${name}`,
    access: { tlsVerify: false, login, pin: async () => ({ address: '127.0.0.1' }) },
  };
}

const toOwn = (place: Awaited<ReturnType<typeof ownPlace>>) =>
  ownTarget(own.images, place, { by: 'tester', origin: 'sync' });
const never = () => ({ signal: new AbortController().signal });

type Trick = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A registry that holds the list, and does what a trick does before. */
async function startSource(context: TestContext, trick: Trick = () => false): Promise<ForeignPlace> {
  const server = createServer((request, response) => {
    if (trick(request, response)) return;
    const reference = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    const manifest = reference === 'v1' ? LIST : MANIFESTS.find((each) => sha(each) === reference);
    const bytes = request.url?.includes('/manifests/') ? manifest : BLOBS.find((each) => sha(each) === reference);
    const type = TYPES.get(bytes ? sha(bytes) : '') ?? 'application/octet-stream';
    if (bytes === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(bytes);
  });
  const port = await listen(context, server);
  const pin = async (host: string) => {
    if (host === 'denied.example') throw new Error('denied.example is denied');
    return { address: '127.0.0.1' };
  };
  return { host: `registry.example:${port}`, repository: 'up/app', access: { tlsVerify: false, pin } };
}

/** The bytes and type of what a tag of `own` gives to those who pull. */
async function pull(registry: RegistryUnderTest, repository: string, reference: string) {
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, [`repository:${repository}:pull`]);
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST_TYPES };
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${reference}`, { headers });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

test('a list is copied with its images, byte by byte and with their kinds, here, there and back', async (context) => {
  const first = await ownPlace('first');
  const told: string[] = [];
  const watch = {
    planned: async (blobs: readonly (readonly [string, number])[]) => void told.push(`plans ${blobs.length}`),
    done: async (digest: string) => void told.push(digest),
  };
  const source = foreignSource(await startSource(context));
  const copied = await copyImage(
    { source, target: toOwn(first) },
    { reference: 'v1', tag: 'v1' },
    { ...never(), watch },
  );
  const sizes = BLOBS.reduce((sum, each) => sum + each.length, 0);
  assert.deepEqual(copied, { digest: sha(LIST), sentBytes: sizes });
  assert.deepEqual(told, ['plans 3', sha(CONFIGS[0]), sha(SHARED), sha(CONFIGS[1])]);
  const there = otherPlace('there');
  const away = { source: ownSource(own.images, first), target: foreignTarget(there) };
  assert.equal((await copyImage(away, { reference: 'v1', tag: 'v2' }, never())).sentBytes, sizes);
  assert.equal(await foreignTarget(there).findTag('v2', never().signal), sha(LIST));
  assert.equal(await foreignTarget(there).findTag('v3', never().signal), undefined);
  // What is there is not sent again.
  assert.equal((await copyImage(away, { reference: 'v1', tag: 'v3' }, never())).sentBytes, 0);
  const back = { source: foreignSource(there), target: toOwn(await ownPlace('back')) };
  await copyImage(back, { reference: 'v3', tag: 'v4' }, never());
  for (const manifest of MANIFESTS) {
    const found = await pull(own, 'team/back', manifest === LIST ? 'v4' : sha(manifest));
    assert.deepEqual([found.status, found.type], [200, TYPES.get(sha(manifest))]);
    assert.ok(found.bytes.equals(manifest));
  }
});

test('a copy between repositories of this server sends no bytes, and its tag is set as by a push', async (context) => {
  const from = await ownPlace('from');
  const to = await ownPlace('to');
  const means = own.images;
  const fetched = { source: foreignSource(await startSource(context)), target: toOwn(from) };
  await copyImage(fetched, { reference: 'v1', tag: 'v1' }, never());
  const source = { ...ownSource(means, from), readBlob: () => Promise.reject(new Error('no layer is read')) };
  const copied = await copyImage({ source, target: toOwn(to) }, { reference: 'v1', tag: 'v9' }, never());
  assert.deepEqual(copied, { digest: sha(LIST), sentBytes: 0 });
  assert.equal((await pull(own, 'team/to', 'v9')).status, 200);
  const events = await means.db.selectFrom('event').select('body').where('kind', '=', 'tag_set').execute();
  const last = JSON.parse(events.at(-1)?.body ?? '{}');
  assert.deepEqual([last.tag, last.origin, last.pushedBy], ['v9', 'sync', 'tester']);
});

const HOSTILE: [what: string, trick: Trick, why: RegExp][] = [
  [
    'a layer with other content',
    blobTrick((response) => response.end(Buffer.alloc(SHARED.length, 'x'))),
    /other content/,
  ],
  ['a layer that is too short', blobTrick((response) => response.end(SHARED.subarray(1))), /other content/],
  ['an endless layer', blobTrick(endless), /longer than the image says/],
  ['a layer at a denied address', blobTrick((response) => redirect(response, 'http://denied.example/')), /is denied/],
  ['a manifest of another digest', manifestTrick(sha(OCI_IMAGE), DOCKER_IMAGE), /another manifest/],
  ['an endless manifest', endlessTrick, /larger than/],
  ['no JSON', manifestTrick('v1', Buffer.from('<html>')), /not JSON/],
  ['a list that lists itself deeper and deeper', deepLists(), /lists in lists/],
  ['one layer with two sizes', twoSizes(), /two sizes/],
  ['an image larger than is copied', manifestTrick('v1', huge()), /bytes, more than/],
];

test('what a hostile registry sends is refused with the reason, and sets no tag', async (context) => {
  const canary = await startCanary(context);
  const place = await ownPlace('hostile');
  const target = toOwn(place);
  for (const [what, trick, why] of HOSTILE) {
    const source = foreignSource(await startSource(context, trick));
    await assert.rejects(
      copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, never()),
      (error) => error instanceof RegistryError && error.kind === 'refused' && why.test(error.message),
      what,
    );
    assert.equal(await target.findTag('v1', never().signal), undefined, what);
  }
  assert.equal(canary.requests, 0);
});

test('a copy that is cancelled inside a layer or between layers ends, and sets no tag', async (context) => {
  const target = toOwn(await ownPlace('cancelled'));
  for (const moment of ['inside', 'between'] as const) {
    const abort = new AbortController();
    const reason = new Error(`cancelled ${moment}`);
    // The layer stops in its middle, and the copy with it if nobody ended it.
    const half = blobTrick((response) => response.writeHead(200).write(SHARED.subarray(0, 1000)));
    const source = foreignSource(await startSource(context, moment === 'inside' ? half : undefined));
    const watch = {
      sent: (digest: string) => moment === 'inside' && digest === sha(SHARED) && abort.abort(reason),
      done: async () => {
        if (moment === 'between') abort.abort(reason);
      },
    };
    const copying = copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal: abort.signal, watch });
    await assert.rejects(copying, (error) => error === reason, moment);
    assert.equal(await target.findTag('v1', never().signal), undefined);
  }
});

function blobTrick(act: (response: ServerResponse) => unknown): Trick {
  return (request, response) => {
    if (!request.url?.endsWith(`/blobs/${sha(SHARED)}`)) return false;
    act(response);
    return true;
  };
}

function manifestTrick(reference: string, bytes: Buffer): Trick {
  return (request, response) => {
    if (!request.url?.endsWith(`/manifests/${reference}`)) return false;
    response.writeHead(200, { 'content-type': `${OCI}manifest.v1+json` }).end(bytes);
    return true;
  };
}

function endlessTrick(_request: IncomingMessage, response: ServerResponse): boolean {
  endless(response);
  return true;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

function endless(response: ServerResponse): void {
  const more = () => {
    while (response.write(SHARED)) if (response.destroyed) return;
  };
  response.on('drain', more);
  more();
}

/** Each list lists the next, which has a digest of its own. */
function deepLists(): Trick {
  const lists: Buffer[] = [LIST];
  for (let depth = 0; depth < 6; depth += 1) lists.push(listOf(lists.at(-1) ?? LIST));
  return serves(lists);
}

/** Two images of a list, which do not agree on a layer. */
function twoSizes(): Trick {
  const layer = describe(`${OCI}layer.v1.tar`, SHARED);
  const images = [0, 1].map((more) =>
    json({
      schemaVersion: 2,
      config: describe(`${OCI}config.v1+json`, CONFIGS[0]),
      layers: [{ ...layer, size: layer.size + more }],
    }),
  );
  return serves([...images, listOf(...images)]);
}

function listOf(...manifests: Buffer[]): Buffer {
  return json({ schemaVersion: 2, manifests: manifests.map((each) => describe(`${OCI}index.v1+json`, each)) });
}

/** Manifests by their digests, and the last as v1. */
function serves(manifests: readonly Buffer[]): Trick {
  return (request, response) => {
    const reference = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    const bytes = reference === 'v1' ? manifests.at(-1) : manifests.find((each) => sha(each) === reference);
    if (bytes === undefined) return false;
    response.writeHead(200, { 'content-type': `${OCI}index.v1+json` }).end(bytes);
    return true;
  };
}

function huge(): Buffer {
  const layer = { ...describe(`${OCI}layer.v1.tar`, SHARED), size: 2 ** 40 };
  return json({ schemaVersion: 2, config: describe(`${OCI}config.v1+json`, CONFIGS[0]), layers: [layer] });
}
