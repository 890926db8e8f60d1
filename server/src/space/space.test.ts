import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Space } from './space.ts';
import type { StoredPart } from './space-part.ts';

test('a file with holes counts with what it takes on disk, and unused parts can be freed', async (t) => {
  const { space } = spaceOf(t);
  const parts = new Map((await space.parts({ reclaimable: true })).map((each) => [each.part, each]));
  const logs = parts.get('logs')?.sizeBytes ?? 0;
  assert.ok(logs >= 100_000 && logs < 2_000_000, `${logs} bytes`);
  assert.deepEqual(parts.get('caches'), { part: 'caches', sizeBytes: 60, reclaimableBytes: 30 });
  assert.deepEqual(parts.get('bases'), { part: 'bases', sizeBytes: 9, reclaimableBytes: 4 });
  assert.equal(parts.get('images')?.reclaimableBytes, 77);
  assert.equal(parts.get('sources')?.reclaimableBytes, 5);
  assert.deepEqual(await space.reclaimable(), { images: 77, sources: 5, caches: 30, bases: 4 });
});

test('the folder in which the server was started is not needed: it may be gone, or closed to the user of the server', async (t) => {
  const { space } = spaceOf(t);
  const [gone, before] = [mkdtempSync(join(tmpdir(), 'slipway-gone-')), process.cwd()];
  process.chdir(gone);
  t.after(() => process.chdir(before));
  rmSync(gone, { recursive: true });
  const [logs] = await space.parts({ reclaimable: false });
  assert.ok((logs?.sizeBytes ?? 0) >= 100_000);
});

test('a folder that cannot be measured is an error, and not 0 bytes', async (t) => {
  const { space, root } = spaceOf(t);
  rmSync(join(root, 'sources'), { recursive: true });
  await assert.rejects(space.parts({ reclaimable: false }), /du could not measure .*sources$/);
});

test('what builds use is never removed', async (t) => {
  const { space, stores } = spaceOf(t);
  assert.equal(await space.reclaim('caches'), 30);
  assert.deepEqual([...stores.keys()], ['used']);
  assert.equal(await space.reclaim('bases'), 4);
  assert.equal(await space.reclaim('sources'), 5);
});

test('a disk that is nearly full loses layer caches, least recently used first, only until enough is free', async (t) => {
  const { space, stores } = spaceOf(t);
  const { freeBytes } = await space.disk();
  assert.equal(await space.removeCachesUntil(Math.floor(freeBytes / 2)), 0);
  let removed = 0;
  space.disk = async () => ({ sizeBytes: 100, freeBytes: removed++, inodes: 0, freeInodes: 0 });
  assert.equal(await space.removeCachesUntil(1), 1);
  assert.deepEqual([...stores.keys()], ['used', 'newer'], 'the older one went');
});

test('a disk that is nearly full loses kept folders before layer caches, and also while builds wait for disk', async (t) => {
  const { space, stores } = spaceOf(t);
  const free = (...figures: number[]) => {
    space.disk = async () => ({ sizeBytes: 100, freeBytes: figures.shift() ?? 99, inodes: 0, freeInodes: 0 });
  };
  const [none, folders] = [
    { foldersRemoved: 0, cachesRemoved: 0 },
    { foldersRemoved: 2, cachesRemoved: 0 },
  ];
  free(20);
  assert.deepEqual(await space.relieve({ lowBytes: 10, heldBytes: 20 }), none, 'enough is free');
  free(9, 10);
  assert.deepEqual(await space.relieve({ lowBytes: 10, heldBytes: 0 }), folders, 'the folders were enough');
  free(19, 19);
  assert.deepEqual(await space.relieve({ lowBytes: 10, heldBytes: 20 }), folders, 'builds wait');
  free(19, 19);
  assert.deepEqual(await space.relieve({ lowBytes: 0, heldBytes: 20 }), folders, 'caches are never removed');
  assert.equal(stores.size, 3);
  free(5, 6, 6, 20);
  assert.deepEqual(await space.relieve({ lowBytes: 10, heldBytes: 0 }), { foldersRemoved: 2, cachesRemoved: 1 });
});

test('with a bucket, what can be freed there is not said of the disk, and a disk that is nearly full loses no sent folder', async (t) => {
  const images = { part: 'images' as const, count: 3, sizeBytes: 100, reclaimableBytes: 0 };
  const { space } = spaceOf(t, async () => [images]);
  assert.deepEqual(await space.stored(), [{ ...images, reclaimableBytes: 77 }]);
  for (const { part, reclaimableBytes } of await space.parts({ reclaimable: true }))
    if (part === 'images' || part === 'sources') assert.equal(reclaimableBytes, 0);
  space.disk = async () => ({ sizeBytes: 100, freeBytes: 15, inodes: 0, freeInodes: 0 });
  assert.deepEqual(await space.relieve({ lowBytes: 10, heldBytes: 20 }), { foldersRemoved: 0, cachesRemoved: 0 });
});

function spaceOf(t: TestContext, measureStored?: () => Promise<StoredPart[]>) {
  const root = mkdtempSync(join(tmpdir(), 'slipway-space-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folders = { logs: '', images: '', sources: '', database: '' };
  for (const part of ['logs', 'images', 'sources', 'database'] as const) {
    folders[part] = join(root, part);
    mkdirSync(folders[part]);
  }
  writeFileSync(join(root, 'logs', 'hot.ndjson'), Buffer.alloc(100_000, 1));
  truncateSync(join(root, 'logs', 'hot.ndjson'), 1_000_000_000);
  const stores = new Map([
    ['used', { id: 'used', sizeBytes: 30, usedMs: 1, isInUse: true }],
    ['newer', { id: 'newer', sizeBytes: 10, usedMs: 3, isInUse: false }],
    ['older', { id: 'older', sizeBytes: 20, usedMs: 2, isInUse: false }],
  ]);
  const bases = { sizeBytes: 9, idleBytes: 4 };
  let sources = 5;
  const space = new Space({
    root,
    folders,
    sandbox: {
      listStores: async () => [...stores.values()],
      removeStore: async (id) => stores.delete(id),
      measureBases: async (remove) => {
        if (remove) Object.assign(bases, { sizeBytes: bases.sizeBytes - bases.idleBytes, idleBytes: 0 });
        return { ...bases };
      },
    },
    measureStored,
    unusedImageBytes: async () => 77,
    unneededSourceBytes: async () => sources,
    removeSources: async () => {
      sources = 0;
    },
    removeKeptSources: async () => 2,
  });
  return { space, stores, root };
}
