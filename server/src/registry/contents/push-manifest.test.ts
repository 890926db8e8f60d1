import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { beginPush } from '#image/push-store.ts';
import { findTaggedImage, listTaggedImages } from '#image/tag-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { adoptTags } from './adopt-tags.ts';
import { settlePushes } from './push-manifest.ts';

let registry: RegistryUnderTest;
const fail = (message: string, error: unknown) => assert.fail(`${message}: ${error}`);

before(async () => {
  registry = await startRegistryUnderTest();
});

after(() => registry?.[Symbol.asyncDispose]());

const openPush = (name: string, digest: string, tag: string, nowMs: number) =>
  beginPush(
    registry.images.db,
    { instanceId: 'cri-1', namespaceName: 'team', name, digest, tag, origin: 'push', children: [] },
    { by: 'me', nowMs },
    `${name}-${tag}`,
  );

test('finishes a push that the server did not survive if distribution has the manifest, and else drops it', async () => {
  const { images } = registry;
  const client = await RegistryClient.open(registry, 'team/cut');
  const image = await client.push(undefined, 'image');
  await openPush('cut', image.digest, 'whole', Date.now());
  await openPush('cut', `sha256:${'0'.repeat(64)}`, 'half', Date.now());
  await settlePushes(images, Number.MAX_SAFE_INTEGER, fail);
  assert.deepEqual((await client.pull('whole')).bytes, image.bytes);
  assert.equal((await client.request('GET', 'manifests/half')).status, 404);
  assert.deepEqual(await images.db.selectFrom('manifest_push').selectAll().execute(), []);
});

test('does not bring back, with a lost push, a tag that was deleted since', async () => {
  const { images } = registry;
  const client = await RegistryClient.open(registry, 'team/back');
  const image = await client.push('v1', 'back');
  await openPush('back', image.digest, 'v1', Date.now() - 1000);
  await client.delete('v1');
  await settlePushes(images, Number.MAX_SAFE_INTEGER, fail);
  assert.equal((await client.request('GET', 'manifests/v1')).status, 404);
});

test('moves no tag back when a push is settled late', async () => {
  const client = await RegistryClient.open(registry, 'team/late');
  const [older, newer] = [await client.push(undefined, 'older'), await client.push(undefined, 'newer')];
  await openPush('late', older.digest, 'v1', Date.now() - 1000);
  await client.putManifest('v1', newer);
  await settlePushes(registry.images, Number.MAX_SAFE_INTEGER, fail);
  assert.equal((await client.pull('v1')).digest, newer.digest);
});

test('takes over what distribution kept itself once, and ignores its tags afterwards', async () => {
  const { db } = registry.images;
  const behind = await RegistryClient.openBehind(registry, 'team/old');
  const [amd, arm] = [await behind.push('amd', 'amd'), await behind.push(undefined, 'arm')];
  await behind.pushIndex('multi', [amd, arm]);
  const client = await RegistryClient.open(registry, 'team/old');
  assert.equal((await client.request('GET', 'manifests/amd')).status, 404);
  await db.updateTable('repository').set({ tags_adopted: 0 }).where('name', '=', 'old').execute();
  const { storage } = registry;
  const said: unknown[] = [];
  const adopt = () => adoptTags(db, storage, Date.now(), (repository, tags) => said.push([repository, tags]));
  await adopt();
  await adopt();
  assert.deepEqual(said, [['team/old', 2]]);
  const { repoId } = await getRepositoryByName(db, 'cri-1', 'team', 'old');
  const tags = await listTaggedImages(db, repoId, { limit: 10 });
  const shown = tags.map(({ name, digest, sizeBytes, origin }) => ({ name, digest, sizeBytes, origin }));
  assert.deepEqual(
    shown.find(({ name }) => name === 'amd'),
    { name: 'amd', digest: amd.digest, sizeBytes: amd.blobBytes, origin: 'adopted' },
  );
  const multi = await findTaggedImage(db, repoId, 'multi');
  assert.equal(multi?.sizeBytes, amd.blobBytes + arm.blobBytes);
  assert.ok(Math.abs((multi?.updatedMs ?? 0) - Date.now()) < 60_000);
  assert.deepEqual((await client.pull('amd')).bytes, amd.bytes);
  await behind.push('later', 'later');
  await adopt();
  assert.equal((await client.request('GET', 'manifests/later')).status, 404);
});
