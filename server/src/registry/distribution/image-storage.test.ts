import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import { blobKey, blobStorage } from './blob-storage.ts';
import { ChildStorage } from './child-storage.ts';
import type { ImageStorage } from './image-storage.ts';

const ROOT = 'docker/registry/v2/repositories';
const LAYER = Buffer.from('a layer '.repeat(1000));
const DIGEST = `sha256:${createHash('sha256').update(LAYER).digest('hex')}`;
const OTHER = `sha256:${'0'.repeat(64)}`;

/** What distribution has after a push, and how it is read. */
function openTree(t: TestContext, storageIn: (folder: string) => ImageStorage) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-images-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (key: string, content: Buffer | string) => {
    const file = join(folder, 'storage', key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const hex = DIGEST.replace('sha256:', '');
  write(blobKey(DIGEST), LAYER);
  const links = ['team/app_1', 'team/app_1-other'].flatMap((name) => [
    write(`${ROOT}/${name}/_layers/sha256/${hex}/link`, DIGEST),
    write(`${ROOT}/${name}/_manifests/revisions/sha256/${hex}/link`, DIGEST),
    write(`${ROOT}/${name}/_manifests/tags/v1/current/link`, DIGEST),
    write(`${ROOT}/${name}/_manifests/tags/v1/index/sha256/${hex}/link`, DIGEST),
  ]);
  return { folder, links, storage: storageIn(folder) };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const item of items) read.push(item);
  return read;
}

const blobsIn = (folder: string) => diskBlobStore(join(folder, 'storage'));
for (const [name, storageIn] of [
  ['folder', (folder: string): ImageStorage => new ChildStorage(folder)],
  ['blobs', (folder: string) => blobStorage(blobsIn(folder))],
] as const) {
  test(`${name}: a layer is read whole and in part, by those repositories that have it`, async (t) => {
    const { storage } = openTree(t, storageIn);
    const layer = await storage.openBlob('team/app_1', DIGEST);
    assert.ok(layer);
    assert.equal(layer.sizeBytes, LAYER.length);
    for (const [fromByte, toByte] of [
      [0, LAYER.length],
      [3, 4],
      [100, LAYER.length],
    ] as const) {
      const client = new PassThrough();
      const sent = (await layer.begin(fromByte, toByte - fromByte))(client).then(() => client.end());
      assert.deepEqual(await buffer(client), LAYER.subarray(fromByte, toByte));
      await sent;
    }
    await layer.close();
    assert.equal(await storage.openBlob('team/third', DIGEST), undefined);
    assert.equal(await storage.openBlob('team/app_1', OTHER), undefined);
  });

  test(`${name}: a client that leaves in the middle ends the sending of a layer`, async (t) => {
    const { storage } = openTree(t, storageIn);
    const layer = await storage.openBlob('team/app_1', DIGEST);
    assert.ok(layer);
    const client = new PassThrough();
    client.destroy();
    await (await layer.begin(0, LAYER.length))(client);
    await layer.close();
  });

  test(`${name}: a blob is read up to a limit, and measured`, async (t) => {
    const { storage } = openTree(t, storageIn);
    assert.deepEqual(await storage.readBlob(DIGEST, LAYER.length), LAYER);
    assert.equal(await storage.readBlob(DIGEST, LAYER.length - 1), undefined);
    assert.equal(await storage.readBlob(OTHER, 100), undefined);
    assert.deepEqual([await storage.blobBytes(DIGEST), await storage.blobBytes(OTHER)], [LAYER.length, 0]);
  });

  test(`${name}: files of layers are there until they are disposed of, and then leave nothing`, async (t) => {
    const { storage, folder } = openTree(t, storageIn);
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    {
      await using taken = await storage.layerFiles([DIGEST, DIGEST], scratch);
      assert.deepEqual(
        taken.files.map((file) => readFileSync(file)),
        [LAYER, LAYER],
      );
    }
    assert.deepEqual(readdirSync(scratch), []);
    assert.deepEqual(await storage.readBlob(DIGEST, LAYER.length), LAYER);
  });

  test(`${name}: manifests and tags are those of one repository, and go with it alone`, async (t) => {
    const { storage } = openTree(t, storageIn);
    assert.deepEqual(await all(storage.manifests('team/app_1')), [DIGEST]);
    const [tag] = await all(storage.tags('team/app_1'));
    assert.deepEqual([tag?.tag, tag?.digest, Number.isInteger(tag?.setMs)], ['v1', DIGEST, true]);
    await storage.removeManifest('team/app_1', DIGEST);
    await storage.removeManifest('team/app_1', DIGEST);
    assert.deepEqual(await all(storage.manifests('team/app_1')), []);
    await storage.removeRepository('team/app_1');
    await storage.removeRepository('team/app_1');
    assert.deepEqual(
      [await all(storage.tags('team/app_1')), await storage.openBlob('team/app_1', DIGEST)],
      [[], undefined],
    );
    assert.deepEqual(await all(storage.manifests('team/app_1-other')), [DIGEST]);
    assert.equal(await storage.blobBytes(DIGEST), LAYER.length);
  });

  test(`${name}: links that are empty are written again, and none is made`, async (t) => {
    const { storage, links } = openTree(t, storageIn);
    const [layer = '', revision = ''] = links;
    for (const link of [layer, revision]) writeFileSync(link, '');
    await storage.complete('team/app_1', [DIGEST, OTHER]);
    for (const link of [layer, revision]) assert.equal(readFileSync(link, 'utf8'), DIGEST);
    assert.equal(await storage.openBlob('team/app_1', OTHER), undefined);
  });

  test(`${name}: blobs, and the layers of a repository, are listed once each, without what else is there`, async (t) => {
    const { storage } = openTree(t, storageIn);
    const [blob, ...others] = await all(storage.blobs());
    assert.deepEqual([blob?.digest, blob?.sizeBytes, others], [DIGEST, LAYER.length, []]);
    assert.deepEqual(await all(storage.layers('team/app_1')), [DIGEST]);
    assert.deepEqual(await all(storage.layers('team/third')), []);
  });
}
