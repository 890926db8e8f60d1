import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { findTagDigest, listTaggedImages } from '#image/tag-store.ts';
import { readPlatforms } from '#registry/contents/image-platforms.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { readBusyboxVersion, writeBusyboxImage } from '#registry/images/busybox-image.ts';
import { ImageFolderError, readFolderDigest } from '#registry/images/image-folder.ts';
import { seedRegistry } from '#registry/images/seed.ts';
import { copyFromRegistry, inspectConfig, inspectDigest, pushImage } from '#registry/images/skopeo.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER, startRegistryUnderTest } from '../testing/registry.ts';

const run = promisify(execFile);

let registry: RegistryUnderTest;
let work: string;
let image: string;

before(async () => {
  registry = await startRegistryUnderTest();
  work = await mkdtemp(join(tmpdir(), 'slipway-images-test-'));
  image = join(work, 'image');
  await writeBusyboxImage(image, await readBusyboxVersion());
});

after(async () => {
  await registry?.[Symbol.asyncDispose]();
  if (work) await rm(work, { recursive: true, force: true });
});

test('seeds busybox once, and skopeo sees it', async () => {
  const options = { registryUrl: registry.url, key: registry.key, nowMs: Date.now() };
  assert.equal(await seedRegistry(options), 'pushed');
  assert.equal(await seedRegistry(options), 'present');
  const authFile = await registry.rootAuthFile();
  const source = `docker://${new URL(registry.url).host}/library/busybox:latest`;
  const { stdout } = await run('skopeo', ['inspect', '--tls-verify=false', '--authfile', authFile, source]);
  const shown = JSON.parse(stdout);
  assert.equal(shown.Os, 'linux');
  assert.equal(shown.Digest, await readFolderDigest(image));
  const config = await inspectConfig({ source, tlsVerify: false, authFile });
  assert.deepEqual((config.config as { Cmd: string[] }).Cmd, ['sh']);
});

test('makes the same bytes from the same busybox', async () => {
  const second = join(work, 'second');
  await writeBusyboxImage(second, await readBusyboxVersion());
  assert.equal(await readFolderDigest(second), await readFolderDigest(image));
});

test('pushes with a build credential under several tags and fetches the same bytes by digest', async () => {
  const authFile = await registry.buildAuthFile('team/app', ['pull', 'push']);
  const push = { folder: image, repository: 'team/app', registryUrl: registry.url, authFile };
  const { digest } = await pushImage({ ...push, tags: ['v1', 'latest'] });
  assert.equal(digest, await readFolderDigest(image));
  const source = `docker://${new URL(registry.url).host}/team/app:v1`;
  assert.deepEqual(await inspectDigest({ source, tlsVerify: false, authFile }), { digest, isListed: false });
  const folder = join(work, 'fetched');
  assert.deepEqual(await copyFromRegistry({ source, digest, folder, authFile, tlsVerify: false }), { digest });
  assert.deepEqual(await readFile(join(folder, 'manifest.json')), await readFile(join(image, 'manifest.json')));
});

test('a pull is counted once, however a client asks; a look at a tag counts as none; and the platforms come from the image', async () => {
  const authFile = await registry.buildAuthFile('team/counted', ['pull', 'push']);
  const push = { folder: image, repository: 'team/counted', registryUrl: registry.url, authFile };
  const { digest } = await pushImage({ ...push, tags: ['v1', 'v2'] });
  const { images } = registry;
  const { db } = images;
  const place = { namespaceName: 'team', name: 'counted' };
  const { repoId = '' } = (await findTagDigest(db, images.instanceId, place, 'v1')) ?? {};
  const shown = async () => {
    await images.pulls.write();
    return (await listTaggedImages(db, repoId, { limit: 10, sort: 'name' })).map(
      ({ name, pullCount, lastPulledMs }) => [name, pullCount, lastPulledMs !== undefined],
    );
  };
  const before = (await shown())[0]?.[1] as number;
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/counted:pull']);
  const ask = async (method: string, reference: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${registry.url}/v2/team/counted/manifests/${reference}`, { method, headers });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
  };
  // Docker and containerd look at the tag first; skopeo and podman get it.
  await ask('HEAD', 'v1');
  await ask('HEAD', digest);
  assert.deepEqual(await shown(), [
    ['v1', before, true],
    ['v2', before, false],
  ]);
  await ask('GET', digest);
  await ask('GET', 'v1');
  await ask('GET', 'v1');
  assert.deepEqual(await shown(), [
    ['v1', before + 3, true],
    ['v2', before + 3, false],
  ]);

  const own = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const listed = await listTaggedImages(db, repoId, { limit: 10 });
  assert.deepEqual([...(await readPlatforms(images, repoId, listed))], [[digest, [own]]]);
  const unread = { readBlob: () => Promise.reject(new Error('it was read before')) };
  const again = await listTaggedImages(db, repoId, { limit: 10 });
  assert.deepEqual([...(await readPlatforms({ db, storage: unread }, repoId, again))], [[digest, [own]]]);
});

test('lists tags in the order of the specification, in pages that link to the next, and refuses an invalid number', async () => {
  const tags = ['b', 'Alpha', 'a.1', 'v10', 'v9', '_x'];
  const authFile = await registry.buildAuthFile('team/tags', ['pull', 'push']);
  await pushImage({ folder: image, repository: 'team/tags', registryUrl: registry.url, authFile, tags });
  const token = await registry.fetchToken(ROOT_USER, ROOT_PASSWORD, ['repository:team/tags:pull']);
  const list = async (query: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
    const answer = await fetch(new URL(query, `${registry.url}/v2/team/tags/tags/list`), { headers });
    const { tags: listed, errors } = (await answer.json()) as { tags?: string[]; errors?: { code: string }[] };
    const next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    return { status: answer.status, tags: listed, next, code: errors?.[0]?.code };
  };
  const ordered = ['_x', 'a.1', 'Alpha', 'b', 'v10', 'v9'];
  assert.deepEqual((await list('')).tags, ordered);
  const seen: string[][] = [];
  for (let query: string | undefined = '?n=4'; query !== undefined; ) {
    const page = await list(query);
    seen.push(page.tags ?? []);
    query = page.next;
  }
  assert.deepEqual(seen, [ordered.slice(0, 4), ordered.slice(4)]);
  assert.deepEqual((await list('?n=2&last=alpha')).tags, ['b', 'v10']);
  assert.deepEqual((await list('?last=v9')).tags, []);
  for (const query of ['?n=0', '?n=0&last=a']) {
    const none = await list(query);
    assert.deepEqual([none.tags, none.next], [[], undefined]);
  }
  assert.deepEqual((await list('?n=6')).next, undefined);
  for (const query of ['?n=-1', '?n=abc', '?n=', '?n=1&n=2', '?n=1.5']) {
    const refused = await list(query);
    assert.deepEqual([refused.status, refused.code], [400, 'PAGINATION_NUMBER_INVALID'], query);
    assert.equal((await list(query, {})).status, 401);
  }
});

test('limits a build credential to its repository and its actions', async () => {
  const authFile = await registry.buildAuthFile('team/mine', ['pull', 'push']);
  const push = { folder: image, tags: ['v1'], registryUrl: registry.url };
  await assert.rejects(pushImage({ ...push, repository: 'team/other', authFile }), kindIs('unauthorised'));
  await pushImage({ ...push, repository: 'team/mine', authFile });
  const pullOnly = await registry.buildAuthFile('team/mine', ['pull']);
  await assert.rejects(
    pushImage({ ...push, repository: 'team/mine', tags: ['v2'], authFile: pullOnly }),
    kindIs('unauthorised'),
  );
  const source = `docker://${new URL(registry.url).host}/team/mine:v1`;
  const other = await registry.buildAuthFile('team/other', ['pull', 'push']);
  await assert.rejects(inspectDigest({ source, tlsVerify: false, authFile: other }), kindIs('unauthorised'));
});

test('distinguishes what does not exist, what is not allowed and what cannot be reached', async () => {
  const authFile = await registry.buildAuthFile('team/app', ['pull']);
  const host = new URL(registry.url).host;
  const inspect = (source: string) => inspectDigest({ source, tlsVerify: false, authFile });
  await assert.rejects(inspect(`docker://${host}/team/app:never`), kindIs('not-found'));
  await assert.rejects(
    inspectDigest({ source: `docker://${host}/team/app:never`, tlsVerify: false }),
    kindIs('unauthorised'),
  );
  await assert.rejects(inspect('docker://127.0.0.1:1/team/app:v1'), kindIs('unreachable'));
  await assert.rejects(inspect('docker://name.invalid/team/app:v1'), kindIs('unreachable'));
});

test('tells a client that pushes to a repository that does not exist to create it', async () => {
  const push = { folder: image, repository: 'team/missing', tags: ['v1'], registryUrl: registry.url };
  await assert.rejects(
    pushImage({ ...push, authFile: await registry.rootAuthFile() }),
    /repository team\/missing does not exist; create it first/,
  );
});

test('ends skopeo when the build is cancelled', async () => {
  const stopped = AbortSignal.abort();
  const source = `docker://${new URL(registry.url).host}/team/app:v1`;
  await assert.rejects(inspectDigest({ source, tlsVerify: false, signal: stopped }), kindIs('cancelled'));
});

const HOSTILE: [string, (folder: string) => Promise<unknown> | unknown, RegExp][] = [
  ['a link', (folder) => symlink('/etc/passwd', join(folder, 'a'.repeat(64))), /is not a regular file/],
  ['a named pipe', (folder) => run('mkfifo', [join(folder, 'b'.repeat(64))]), /is not a regular file/],
  ['a folder', (folder) => run('mkdir', [join(folder, 'c'.repeat(64))]), /is not a regular file/],
  ['an unexpected name', (folder) => writeFile(join(folder, 'signature-1'), 'x'), /"signature-1"/],
  ['a name in capitals', (folder) => writeFile(join(folder, 'A'.repeat(64)), 'x'), /neither manifest.json/],
  ['a hard link', (folder) => run('ln', [join(folder, 'version'), join(folder, '../linked')]), /linked/],
  ['no manifest', (folder) => rm(join(folder, 'manifest.json')), /no manifest.json/],
  ['a huge manifest', (folder) => writeFile(join(folder, 'manifest.json'), Buffer.alloc(5 * 2 ** 20)), /are allowed/],
];

for (const [what, spoil, expected] of HOSTILE) {
  test(`pushes nothing from a folder with ${what}`, async (context) => {
    const base = await mkdtemp(join(tmpdir(), 'slipway-hostile-'));
    context.after(() => rm(base, { recursive: true, force: true }));
    const folder = join(base, 'image');
    await writeBusyboxImage(folder, await readBusyboxVersion());
    await spoil(folder);
    const authFile = await registry.rootAuthFile();
    const push = { folder, repository: 'team/hostile', tags: ['v1'], registryUrl: registry.url, authFile };
    await assert.rejects(pushImage(push), (cause: unknown) => {
      assert.ok(cause instanceof ImageFolderError);
      assert.match(cause.message, expected);
      return true;
    });
  });
}

test('pushes no image larger than the limit', async () => {
  const authFile = await registry.rootAuthFile();
  const push = { folder: image, repository: 'team/app', tags: ['v9'], registryUrl: registry.url, authFile };
  await assert.rejects(pushImage({ ...push, maxBytes: 1000 }), /larger than 1000 bytes/);
});

function kindIs(kind: string) {
  return (cause: unknown) => {
    assert.ok(cause instanceof RegistryError, String(cause));
    assert.equal(cause.kind, kind, `${cause.message}\n${cause.detail}`);
    return true;
  };
}
