import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { restoreTag } from '#image/change-tag.ts';
import { findTaggedImage } from '#image/tag-store.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import { mintToken } from '#registry/tokens/token.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '../testing/registry.ts';
import { type PushedImage, RegistryClient } from '../testing/registry-client.ts';

let registry: RegistryUnderTest;

before(async () => {
  registry = await startRegistryUnderTest();
});

after(() => registry?.[Symbol.asyncDispose]());

test('serves a tag as our table has it, no matter what distribution has under its name', async () => {
  const client = await RegistryClient.open(registry, 'team/table');
  const [first, second] = [await client.push('v1', 'one'), await client.push('v2', 'two')];
  assert.equal((await client.pull('v1')).digest, first.digest);
  assert.deepEqual((await client.pull('v1')).bytes, first.bytes);
  await client.delete('v1');
  assert.equal((await client.request('GET', 'manifests/v1')).status, 404);
  assert.equal((await client.pull(first.digest)).digest, first.digest);
  assert.equal((await client.pull('v2')).digest, second.digest);
});

test('serves no deleted image, not even for a token that distribution still accepts', async () => {
  const client = await RegistryClient.open(registry, 'team/late');
  const image = await client.push('v1', 'late');
  const access = [{ type: 'repository' as const, name: 'team/late', actions: ['pull' as const] }];
  const content = { issuer: 'slipway', service: 'registry.test', subject: 'x', access, missingRepositories: [] };
  // Distribution accepts a token for a minute after its five.
  const { token } = await mintToken(registry.key, content, Date.now() - 330_000);
  const pull = (url: string, reference: string) =>
    fetch(`${url}/v2/team/late/manifests/${reference}`, {
      headers: { authorization: `Bearer ${token}`, accept: image.mediaType },
    });
  assert.equal((await pull(registry.distributionUrl, image.digest)).status, 200, 'the control');
  await client.delete(image.digest);
  for (const reference of [image.digest, 'v1', `sha256:${'1'.repeat(64)}`])
    assert.equal((await pull(registry.url, reference)).status, 404, reference);
});

test('answers 404 to a path with unusual characters, on every route', async () => {
  const client = await RegistryClient.open(registry, 'team/paths');
  const image = await client.push('v1', 'paths');
  for (const path of ['manifests/%E2%82%AC', 'manifests/a%0d%0ab', '../%E2%82%AC/x/manifests/y', 'tags/list/%E2%82%AC'])
    assert.equal((await client.requestPath('PUT', path, image)).status, 404, path);
});

test('deletes an image by its digest with all its tags, and restores it with one of them', async () => {
  const client = await RegistryClient.open(registry, 'team/deleted');
  const image = await client.push('a', 'image');
  await client.putManifest('b', image);
  await client.delete(image.digest);
  for (const reference of ['a', 'b', image.digest])
    assert.equal((await client.request('HEAD', `manifests/${reference}`)).status, 404, reference);
  assert.equal((await client.request('DELETE', `manifests/${image.digest}`)).status, 404);
  const repository = await getRepositoryByName(registry.images.db, 'cri-1', 'team', 'deleted');
  await restoreTag(registry.images.db, repository, { tag: 'a', digest: undefined }, { by: 'test', nowMs: 1 });
  assert.deepEqual((await client.pull('a')).bytes, image.bytes);
  assert.equal((await client.request('HEAD', 'manifests/b')).status, 404);
});

test('deletes no image that an index lists, and restores an index with its images', async () => {
  const client = await RegistryClient.open(registry, 'team/index');
  const [amd, arm] = [await client.push(undefined, 'amd'), await client.push(undefined, 'arm')];
  const index = await client.pushIndex('multi', [amd, arm]);
  const refused = await client.request('DELETE', `manifests/${arm.digest}`);
  assert.deepEqual([refused.status, (await refused.text()).includes('delete the index first')], [403, true]);
  const { db } = registry.images;
  const repository = await getRepositoryByName(db, 'cri-1', 'team', 'index');
  const { sizeBytes, imageId } = (await findTaggedImage(db, repository.repoId, 'multi')) ?? {};
  assert.deepEqual([sizeBytes, imageId], [amd.blobBytes + arm.blobBytes, '']);
  await client.delete(index.digest);
  await client.delete(arm.digest);
  assert.equal((await client.request('HEAD', `manifests/${arm.digest}`)).status, 404);
  await restoreTag(db, repository, { tag: 'multi', digest: undefined }, { by: 'test', nowMs: 1 });
  for (const image of [index, amd, arm]) assert.deepEqual((await client.pull(image.digest)).bytes, image.bytes);
});

test('an immutable repository accepts a new tag once, the same image again, and latest always', async () => {
  const client = await RegistryClient.open(registry, 'team/frozen');
  await registry.images.db
    .updateTable('repository')
    .set({ tag_immutability: 1 })
    .where('name', '=', 'frozen')
    .execute();
  const [first, second] = [await client.push(undefined, 'one'), await client.push(undefined, 'two')];
  const race = await Promise.all([first, second].map((image) => client.tryPut('v1', image)));
  assert.deepEqual(race.map(({ status }) => status).sort(), [201, 403]);
  const winner = race[0]?.status === 201 ? first : second;
  const loser = winner === first ? second : first;
  assert.equal((await client.pull('v1')).digest, winner.digest);
  await client.putManifest('v1', winner);
  const refused = await client.tryPut('v1', loser);
  assert.match(await refused.text(), /DENIED.*The tag v1 already exists.*does not allow tags to be overwritten/);
  for (const image of [first, second]) await client.putManifest('latest', image);
});

test('lists referrers by type, whether or not their subject exists', async () => {
  const client = await RegistryClient.open(registry, 'team/referred');
  const image = await client.push('v1', 'image');
  const signature = await client.pushReferrer(image.digest, 'application/vnd.example.signature', { by: 'me' });
  await client.pushReferrer(image.digest, 'application/vnd.example.sbom');
  const list = async (digest: string, query = '') => {
    const answer = await client.request('GET', `referrers/${digest}${query}`);
    assert.equal(answer.headers.get('content-type'), 'application/vnd.oci.image.index.v1+json');
    const { manifests } = (await answer.json()) as { manifests: { digest: string; artifactType: string }[] };
    return { manifests, filters: answer.headers.get('oci-filters-applied') };
  };
  assert.equal((await list(image.digest)).manifests.length, 2);
  const { manifests, filters } = await list(image.digest, '?artifactType=application/vnd.example.signature');
  const { digest, bytes } = signature;
  const artifactType = 'application/vnd.example.signature';
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  assert.deepEqual(manifests, [{ mediaType, digest, size: bytes.length, artifactType, annotations: { by: 'me' } }]);
  assert.equal(filters, 'artifactType');
  assert.deepEqual((await list(`sha256:${'1'.repeat(64)}`)).manifests, []);
  assert.equal((await client.request('GET', 'referrers/sha256:xyz')).status, 400);
});

const FOREIGN = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
const keptElsewhere = (layer: object) =>
  JSON.stringify({ schemaVersion: 2, layers: [{ digest: `sha256:${'1'.repeat(64)}`, size: 5, ...layer }] });

test('a tag may have 128 characters, and a longer one is refused by its name', async () => {
  const client = await RegistryClient.open(registry, 'team/long');
  const longest = 'x'.repeat(128);
  const image = await client.push(longest, 'image');
  assert.equal(
    (await client.request('HEAD', `manifests/${longest}`)).headers.get('docker-content-digest'),
    image.digest,
  );
  assert.equal((await client.request('DELETE', `manifests/${longest}`)).status, 202);
  const { bytes, mediaType } = image;
  const refused = await client.request('PUT', `manifests/${longest}x`, { 'content-type': mediaType }, bytes);
  assert.deepEqual([refused.status, /TAG_INVALID/.test(await refused.text())], [400, true]);
});

test('finds nothing by a reference that is neither a tag nor a digest', async () => {
  const client = await RegistryClient.open(registry, 'team/none');
  await client.push('v1', 'image');
  for (const reference of ['sha256:baddigeststring', 'sha512:abc', '-x', 'x'.repeat(129)]) {
    const answer = await client.request('GET', `manifests/${reference}`);
    assert.deepEqual([answer.status, /MANIFEST_UNKNOWN/.test(await answer.text())], [404, true], reference);
  }
});

test('refuses an invalid manifest, one under a wrong digest, and one to a path that only distribution would understand', async () => {
  const client = await RegistryClient.open(registry, 'team/refused');
  const image = await client.push(undefined, 'image');
  const wrong = `sha256:${'0'.repeat(64)}`;
  const cases: [string, Pick<PushedImage, 'bytes' | 'mediaType'>, number, string][] = [
    [wrong, image, 400, 'DIGEST_INVALID'],
    ['sha512:abc', image, 400, 'DIGEST_INVALID'],
    ['-x', image, 400, 'TAG_INVALID'],
    ['v1', { ...image, bytes: Buffer.from('{') }, 400, 'MANIFEST_INVALID'],
    ['v1', { ...image, bytes: Buffer.from('[]') }, 400, 'MANIFEST_INVALID'],
    ['v1', { ...image, bytes: Buffer.alloc(4 * 2 ** 20 + 1, ' ') }, 413, 'MANIFEST_INVALID'],
    [
      'v1',
      { ...image, bytes: Buffer.from(`{"schemaVersion":2,"a":[${'0,'.repeat(60_000)}0]}`) },
      400,
      'MANIFEST_INVALID',
    ],
    ['v1', { ...image, bytes: Buffer.from('{"schemaVersion":2}') }, 400, 'MANIFEST_BLOB_UNKNOWN'],
    [
      'v1',
      { ...image, bytes: Buffer.from(keptElsewhere({ urls: ['https://store.example/x'] })) },
      400,
      'nondistributable',
    ],
    ['v1', { ...image, bytes: Buffer.from(keptElsewhere({ mediaType: FOREIGN })) }, 400, 'nondistributable'],
  ];
  for (const [reference, manifest, status, code] of cases) {
    const answer = await client.tryPut(reference, manifest);
    assert.equal(answer.status, status, `${reference} ${await answer.clone().text()}`);
    assert.match(await answer.text(), new RegExp(code));
  }
  for (const path of ['x/../manifests/v1', './manifests/v1', '/manifests/v1'])
    assert.equal((await client.requestPath('PUT', path, image)).status, 404, path);
  assert.deepEqual(await registry.images.db.selectFrom('manifest_push').selectAll().execute(), []);
});

test('deletes only with the right to delete, which the right to push does not include', async () => {
  const client = await RegistryClient.open(registry, 'team/kept');
  await client.push('v1', 'image');
  const pusher = await RegistryClient.open(registry, 'team/kept', ['pull', 'push']);
  const refused = await pusher.request('DELETE', 'manifests/v1');
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('www-authenticate') ?? '', /scope="repository:team\/kept:delete"/);
  assert.equal((await client.pull('v1')).digest, digestOf((await client.pull('v1')).bytes));
});

test('believes where an image was before only of a login that may replicate', async () => {
  const { db } = registry.images;
  const image = await (await RegistryClient.open(registry, 'team/replica')).push('v1', 'replicated');
  const access = [{ type: 'repository' as const, name: 'team/replica', actions: ['pull' as const, 'push' as const] }];
  const content = { issuer: 'slipway', service: 'registry.test', subject: 'x', by: 'eve', access };
  for (const replicates of [false, true]) {
    const { token } = await mintToken(registry.key, { ...content, replicates, missingRepositories: [] }, Date.now());
    const tag = `from-elsewhere-${replicates}`;
    const answer = await fetch(`${registry.url}/v2/team/replica/manifests/${tag}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': image.mediaType,
        'slipway-sync-path': 'cri-2/team/app',
      },
      body: new Uint8Array(image.bytes),
    });
    assert.equal(answer.status, 201);
    const rows = await db.selectFrom('event').select('body').where('kind', '=', 'tag_set').execute();
    const [event] = rows.map(({ body }) => JSON.parse(body)).filter((body) => body.tag === tag);
    assert.deepEqual([event.origin, event.syncPath], replicates ? ['sync', ['cri-2/team/app']] : ['push', undefined]);
  }
});

test('a manifest has the same headers each time it is pulled, and none is sent without the right or to a client that has it', async () => {
  const client = await RegistryClient.open(registry, 'team/often');
  const image = await client.push('v1', 'often');
  const expected = {
    'content-type': image.mediaType,
    'content-length': String(image.bytes.length),
    'docker-content-digest': image.digest,
    etag: `"${image.digest}"`,
    'docker-distribution-api-version': 'registry/2.0',
    'x-content-type-options': 'nosniff',
  };
  for (const call of ['GET v1', `GET ${image.digest}`, 'HEAD v1', `HEAD ${image.digest}`, 'GET v1']) {
    const [method = '', reference = ''] = call.split(' ');
    const answer = await client.request(method, `manifests/${reference}`);
    assert.equal(answer.status, 200);
    for (const [name, value] of Object.entries(expected)) assert.equal(answer.headers.get(name), value, name);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.deepEqual(bytes, method === 'GET' ? image.bytes : Buffer.alloc(0));
  }
  const known = await client.request('GET', 'manifests/v1', { 'if-none-match': `"${image.digest}"` });
  assert.equal(known.status, 304);
  const stranger = await fetch(`${registry.url}/v2/team/often/manifests/v1`);
  assert.equal(stranger.status, 401);
  const other = await RegistryClient.open(registry, 'team/other');
  const elsewhere = await other.request('GET', `manifests/${image.digest}`);
  assert.equal(elsewhere.status, 404, 'a repository that does not have it');
});
