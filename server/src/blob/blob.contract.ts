import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { BlobDiffers, BlobNotFound, type BlobStore, BlobTooLarge, type StoredObject, sweepObjects } from './blob.ts';

/** Tests that every implementation of a blob store must pass. */
export function testBlobStore(name: string, open: (t: TestContext) => Promise<BlobStore>): void {
  const content = Buffer.from('one\u0000two'.repeat(10_000));

  test(`${name}: get returns the bytes that were put, and put returns their size and sha256`, async (t) => {
    const store = await open(t);
    const put = await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length });
    const sha256 = createHash('sha256').update(content).digest('hex');
    assert.deepEqual([put.sizeBytes, put.sha256], [content.length, sha256]);
    assert.deepEqual(await buffer(await store.get('sources/a-1')), content);
  });

  test(`${name}: put, head and list call the same bytes by the same name, also of an object that is sent in parts`, async (t) => {
    const store = await open(t);
    const etags = new Set<string | undefined>();
    for (const [key, size] of [
      ['sources/a-1', 1000],
      ['sources/a-2', 17 * 2 ** 20],
    ] as const) {
      const { etag } = await store.put(key, Readable.from([Buffer.alloc(size, 'x')]), { limitBytes: size });
      etags.add(etag);
      assert.equal((await store.head(key))?.etag, etag);
      for await (const listed of store.list('sources')) if (listed.key === key) assert.equal(listed.etag, etag);
    }
    assert.ok(etags.size === 2 || etags.has(undefined));
  });

  test(`${name}: an object that is too large, or whose stream breaks, is not stored at all`, async (t) => {
    const store = await open(t);
    const tooLarge = store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length - 1 });
    await assert.rejects(tooLarge, BlobTooLarge);
    const broken = Readable.from(breaking());
    await assert.rejects(store.put('sources/a-1', broken, { limitBytes: 100 }), /the client left/);
    await assert.rejects(store.get('sources/a-1'), BlobNotFound);
  });

  test(`${name}: bytes with another SHA-256 than they should have are not stored, and replace nothing`, async (t) => {
    const store = await open(t);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length, sha256 });
    const other = store.put('sources/a-1', Readable.from(['other']), { limitBytes: 100, sha256 });
    await assert.rejects(other, BlobDiffers);
    assert.deepEqual(await buffer(await store.get('sources/a-1')), content);
  });

  test(`${name}: a copy has the bytes of its object and a new time, and stays without it`, async (t) => {
    const store = await open(t);
    await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length });
    await store.copy('sources/a-1', 'sources/a-2');
    const { modifiedMs = 0 } = (await store.head('sources/a-2')) ?? {};
    assert.ok(Math.abs(modifiedMs - Date.now()) < 3_600_000);
    await store.remove('sources/a-1');
    assert.deepEqual(await buffer(await store.get('sources/a-2')), content);
    await assert.rejects(store.copy('sources/a-1', 'sources/a-3'), BlobNotFound);
    await assert.rejects(store.get('sources/a-3'), BlobNotFound);
  });

  test(`${name}: a range of an object is read, and an object without bytes`, async (t) => {
    const store = await open(t);
    await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length });
    const range = { fromByte: 10, toByte: 5000 };
    assert.deepEqual(await buffer(await store.get('sources/a-1', range)), content.subarray(10, 5000));
    await store.put('sources/a-2', Readable.from([]), { limitBytes: 0 });
    assert.equal((await buffer(await store.get('sources/a-2'))).length, 0);
  });

  test(`${name}: head and list give key and size of what is there, below a prefix or everywhere`, async (t) => {
    const store = await open(t);
    const sizes = new Map([
      ['sources/a-1', 1],
      ['sources/b/a-2', 2],
      ['logs/a-1', 0],
    ]);
    for (const [key, size] of sizes) await store.put(key, Readable.from(['x'.repeat(size)]), { limitBytes: size });
    const listed = async (prefix: string) => {
      const objects: StoredObject[] = [];
      for await (const object of store.list(prefix)) objects.push(object);
      assert.ok(objects.every(({ modifiedMs }) => Math.abs(modifiedMs - Date.now()) < 3_600_000));
      return objects.map(({ key, sizeBytes }) => [key, sizeBytes]).sort();
    };
    assert.deepEqual(await listed('sources'), [...sizes].slice(0, 2));
    assert.deepEqual(await listed(''), [...sizes].sort());
    assert.deepEqual(await listed('nothing'), []);
    assert.equal((await store.head('sources/b/a-2'))?.sizeBytes, 2);
    assert.equal(await store.head('sources/b'), undefined);
  });

  test(`${name}: a removed object is gone, and removing it again succeeds`, async (t) => {
    const store = await open(t);
    await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length });
    await store.remove('sources/a-1');
    await store.remove('sources/a-1');
    await assert.rejects(store.get('sources/a-1'), BlobNotFound);
  });

  test(`${name}: a sweep removes only objects that are older than a time and not wanted`, async (t) => {
    const store = await open(t);
    const later = { prefix: 'sources', beforeMs: Date.now() + 60_000 };
    await sweepObjects(store, later, () => false);
    for (const key of ['sources/a-1', 'sources/a-2', 'logs/a-1'])
      await store.put(key, Readable.from([content]), { limitBytes: content.length });
    await sweepObjects(store, { ...later, beforeMs: 1 }, () => false);
    await sweepObjects(store, later, (key) => key === 'sources/a-2');
    await assert.rejects(store.get('sources/a-1'), BlobNotFound);
    for (const key of ['sources/a-2', 'logs/a-1']) assert.deepEqual(await buffer(await store.get(key)), content);
  });

  test(`${name}: a key that would escape the store is refused`, async (t) => {
    const store = await open(t);
    for (const key of ['../x', 'sources/../x', '/etc/passwd', 'sources/', 'sources/..', 'sources/a b'])
      await assert.rejects(store.put(key, Readable.from([]), { limitBytes: 1 }), /cannot be the key/, key);
  });
}

async function* breaking(): AsyncGenerator<Buffer> {
  yield Buffer.from('half');
  throw new Error('the client left');
}
