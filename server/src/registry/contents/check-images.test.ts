import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '#routes/testing/registry.ts';
import { type PushedImage, RegistryClient } from '#routes/testing/registry-client.ts';
import { blobKey } from '../distribution/blob-storage.ts';
import { checkImages } from './check-images.ts';

let registry: RegistryUnderTest;
let store: BlobStore;

before(async () => {
  registry = await startRegistryUnderTest();
  store = registry.blobs ?? diskBlobStore(join(registry.folder, 'registry', 'storage'));
});

after(() => registry?.[Symbol.asyncDispose]());

/** What the check says of one repository. */
async function check(name: string) {
  const { differences } = await checkImages(registry.images.db, registry.storage);
  return differences
    .filter(({ repository }) => repository === name)
    .map(({ kind, digest, tags, layers }) => ({ kind, digest, tags, layers }));
}

const layersOf = ({ bytes }: PushedImage): string[] =>
  JSON.parse(bytes.toString()).layers.map(({ digest }: { digest: string }) => digest);

const linkKey = (repository: string, folder: string, digest: string) =>
  `docker/registry/v2/repositories/${repository}/${folder}/${digest.replace(':', '/')}/link`;

test('whole images are no difference, nor are an index, a referrer and an image without a tag', async () => {
  const client = await RegistryClient.open(registry, 'team/whole');
  const image = await client.push('v1', 'whole');
  await client.pushIndex('both', [image, await client.push(undefined, 'other')]);
  await client.pushReferrer(image.digest, 'application/x');
  assert.deepEqual(await check('team/whole'), []);
});

for (const [name, remove] of Object.entries({
  'is gone': (layer: string) => store.remove(blobKey(layer)),
  'is not in the repository': (layer: string) => store.remove(linkKey('team/incomplete', '_layers', layer)),
}))
  test(`an image is incomplete if a layer ${name}, until it is pushed again`, async () => {
    const client = await RegistryClient.open(registry, 'team/incomplete');
    const image = await client.push('v1', `half ${name}`);
    const layers = layersOf(image);
    assert.deepEqual(await check('team/incomplete'), []);
    for (const layer of layers) await remove(layer);
    assert.deepEqual(await check('team/incomplete'), [
      { kind: 'incomplete', digest: image.digest, tags: ['v1'], layers },
    ]);
    await client.push('v1', `half ${name}`);
    assert.deepEqual(await check('team/incomplete'), []);
  });

test('an image is damaged if a layer was cut, until the layer is removed and the image is pushed again', async () => {
  const client = await RegistryClient.open(registry, 'team/damaged');
  const image = await client.push('v1', 'damaged');
  const layers = layersOf(image);
  const damaged = { kind: 'damaged', digest: image.digest, tags: ['v1'], layers };
  for (const layer of layers) await store.put(blobKey(layer), Readable.from([Buffer.from('dam')]), { limitBytes: 3 });
  await client.push('v1', 'damaged');
  assert.deepEqual(await check('team/damaged'), [damaged]);
  for (const layer of layers) await store.remove(blobKey(layer));
  await client.push('v1', 'damaged');
  assert.deepEqual(await check('team/damaged'), []);
});

test('an image is missing without the bytes or the link of its manifest, and unknown if only the storage has it', async () => {
  const client = await RegistryClient.open(registry, 'team/manifests');
  const unlinked = await client.push('unlinked', 'unlinked');
  const bare = await client.push('bare', 'bare');
  await store.remove(linkKey('team/manifests', '_manifests/revisions', unlinked.digest));
  await store.remove(blobKey(bare.digest));
  const behind = await RegistryClient.openBehind(registry, 'team/manifests');
  const unknown = await behind.push('unknown', 'unknown');
  const found = new Map((await check('team/manifests')).map(({ digest, ...others }) => [digest, others]));
  assert.deepEqual(Object.fromEntries(found), {
    [unlinked.digest]: { kind: 'missing', tags: ['unlinked'], layers: [] },
    [bare.digest]: { kind: 'missing', tags: ['bare'], layers: [] },
    [unknown.digest]: { kind: 'unknown', tags: [], layers: [] },
  });
});
