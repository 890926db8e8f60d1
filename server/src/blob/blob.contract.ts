import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { BlobNotFound, type BlobStore, BlobTooLarge } from './blob.ts';

/** Tests that every implementation of a blob store must pass. */
export function testBlobStore(name: string, open: (t: TestContext) => Promise<BlobStore>): void {
  const content = Buffer.from('one\u0000two'.repeat(10_000));

  test(`${name}: get returns the bytes that were put, and put returns their size and sha256`, async (t) => {
    const store = await open(t);
    const put = await store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length });
    assert.deepEqual(put, { sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    assert.deepEqual(await buffer(await store.get('sources/a-1')), content);
  });

  test(`${name}: an object that is too large, or whose stream breaks, is not stored at all`, async (t) => {
    const store = await open(t);
    const tooLarge = store.put('sources/a-1', Readable.from([content]), { limitBytes: content.length - 1 });
    await assert.rejects(tooLarge, BlobTooLarge);
    const broken = Readable.from(breaking());
    await assert.rejects(store.put('sources/a-1', broken, { limitBytes: 100 }), /the client left/);
    await assert.rejects(store.get('sources/a-1'), BlobNotFound);
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
    await store.sweep('sources', Date.now() + 60_000, () => false);
    for (const key of ['sources/a-1', 'sources/a-2', 'logs/a-1'])
      await store.put(key, Readable.from([content]), { limitBytes: content.length });
    await store.sweep('sources', 1, () => false);
    await store.sweep('sources', Date.now() + 60_000, (key) => key === 'sources/a-2');
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
