import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { checkOwnership, ForeignStore, removingOnlyIf, takeOwnership } from '#blob/owner-mark.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { markStarts } from './mark-start-store.ts';

const OBJECT = 'sources/one';

test('an older state of a database is refused in its bucket, and removes nothing there while the newer one uses it', async (t) => {
  const { blobs, newer, older } = await openBoth(t);
  await takeOwnership(blobs, newer.owner);
  await older.becomes(newer);
  await takeOwnership(blobs, newer.owner);
  await assert.rejects(
    takeOwnership(blobs, older.owner),
    (error) =>
      error instanceof ForeignStore && /older state or a copy; copy its objects to another/.test(error.message),
  );
  await assert.rejects(older.store.remove(OBJECT), ForeignStore);
  assert.notEqual(await blobs.head(OBJECT), undefined);

  await blobs.remove('owner/instance.json');
  await takeOwnership(blobs, older.owner);
  newer.passMs(10_000);
  await assert.rejects(newer.store.remove(OBJECT), ForeignStore);
  assert.notEqual(await blobs.head(OBJECT), undefined);
  older.passMs(10_000);
  await older.store.remove(OBJECT);
  assert.equal(await blobs.head(OBJECT), undefined);
});

test('an older state of a database is taken in a copy of its bucket', async (t) => {
  const { blobs, newer, older } = await openBoth(t);
  await takeOwnership(blobs, newer.owner);
  await older.becomes(newer);
  await takeOwnership(blobs, newer.owner);
  const copied = { ...older.owner, place: 's3://copied' };
  await takeOwnership(blobs, copied);
  await checkOwnership(blobs, copied);
});

test('starts that ended before they wrote their mark, however many, leave a bucket that the next one takes', async (t) => {
  const { blobs, newer } = await openBoth(t);
  await takeOwnership(blobs, newer.owner);
  const put = () => Promise.reject(new Error('ended'));
  for (let start = 0; start < 40; start += 1)
    await assert.rejects(takeOwnership({ ...blobs, put }, newer.owner), /ended/);
  await takeOwnership(blobs, newer.owner);
});

async function openBoth(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-mark-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = diskBlobStore(folder);
  await blobs.put(OBJECT, Readable.from([Buffer.from('1')]), { limitBytes: 1 });
  return { blobs, newer: await openOwner(t, blobs), older: await openOwner(t, blobs) };
}

/** A database, and the store as its server has it. */
async function openOwner(t: TestContext, blobs: BlobStore) {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const owner = { instanceId: 'cri-one', place: 's3://one', starts: markStarts(db) };
  let nowMs = 0;
  const store = removingOnlyIf(
    blobs,
    () => checkOwnership(blobs, owner),
    () => nowMs,
  );
  return {
    db,
    owner,
    store,
    passMs: (ms: number) => {
      nowMs += ms;
    },
    /** Gets the starts that the other one knows now. */
    becomes: async (other: { owner: typeof owner }) => {
      for (const start of [...(await other.owner.starts.known())].reverse()) await owner.starts.add(start, undefined);
    },
  };
}
