import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { diskBlobStore } from '#blob/disk.ts';
import type { BuildRecord } from '#build/build.ts';
import { findBuildRecord, type NewBuildRecord } from '#build/build-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { getSourceArchive, insertSourceArchive } from '#source/source-store.ts';
import type { LocalJobsMeans } from './local-jobs.ts';
import { removeSentFolders } from './sent-folders.ts';
import { localJobsUnderTest } from './testing/local-jobs.ts';

const NOT_KEPT_BYTES = 1024;
const KEPT_BYTES = 1024 * 1024;

/** A database and sent folders, and what cleans up after their builds. */
async function prepare(t: TestContext) {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  await insertRepositoryUnderTest(db);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-clean-up-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = diskBlobStore(join(folder, 'blobs'));
  const means = {
    db,
    blobs,
    keepCache: true,
    limits: { sourceBytes: 100 * KEPT_BYTES },
    now: () => 5,
  };
  const send = async (archiveId: string, sizeBytes: number) => {
    const content = Readable.from([Buffer.alloc(sizeBytes)]);
    const stored = await blobs.put(`sources/${archiveId}`, content, { limitBytes: sizeBytes });
    await insertSourceArchive(db, { archiveId, instanceId: 'cri-1', owner: 'ann', ...stored, createdMs: 1 });
  };
  const build = async (archiveId: string, given: Partial<NewBuildRecord> = {}): Promise<BuildRecord> => {
    const source = { kind: 'archive', archiveId, name: archiveId } as const;
    const record = await findBuildRecord(db, await insertBuildRecordUnderTest(db, { source, ...given }));
    assert.ok(record);
    return record;
  };
  const end = async (record: BuildRecord) => {
    await removeSentFolders(means, record);
    const ended = db.updateTable('build_record').set({ status: 'SUCCESS' });
    await ended.where('build_record_id', '=', record.buildRecordId).execute();
  };
  const isThere = async (archiveId: string) => (await blobs.head(`sources/${archiveId}`)) !== undefined;
  const canBeBuilt = (archiveId: string) =>
    getSourceArchive(db, 'cri-1', archiveId).then(
      () => true,
      () => false,
    );
  return { means, send, build, end, isThere, canBeBuilt };
}

test('a sent folder that another build waits for stays until the last of its builds ends', async (t) => {
  const { send, build, end, isThere, canBeBuilt } = await prepare(t);
  for (const [name, sizeBytes, useCache] of [
    ['small', NOT_KEPT_BYTES, true],
    ['uncached', KEPT_BYTES, false],
  ] as const) {
    await send(name, sizeBytes);
    const [first, second] = [await build(name, { useCache }), await build(name, { useCache })];
    await end(first);
    assert.ok(await isThere(name), `${name}: the second build waits for it`);
    assert.ok(await canBeBuilt(name));
    await end(second);
    assert.ok(!(await isThere(name)), `${name}: no build needs it`);
  }
});

test('a large sent folder is kept for its sender when the last of its builds ends, and no build of another folder removes it before', async (t) => {
  const { send, build, end, isThere, canBeBuilt } = await prepare(t);
  for (const name of ['twice', 'once', 'next']) await send(name, KEPT_BYTES);
  const [first, second] = [await build('twice'), await build('twice')];
  await end(first);
  assert.ok(await canBeBuilt('twice'), 'it is not marked as built');
  await end(await build('once'));
  assert.ok(await isThere('twice'), 'the second build waits for it');
  await end(second);
  assert.deepEqual([await isThere('twice'), await canBeBuilt('twice')], [true, false]);
  assert.ok(!(await isThere('once')), 'the folder of an earlier build');
  await end(await build('next'));
  assert.ok(!(await isThere('twice')), 'the folder of an earlier build');
});

test('a folder sent as the build context of a waiting build stays', async (t) => {
  const { send, build, end, isThere } = await prepare(t);
  await send('shared', NOT_KEPT_BYTES);
  await send('own', NOT_KEPT_BYTES);
  const contexts = [{ name: 'base', kind: 'archive', archiveId: 'shared' } as const];
  const first = await build('shared');
  const second = await build('own', { options: { contexts } });
  await end(first);
  assert.ok(await isThere('shared'));
  await end(second);
  assert.deepEqual([await isThere('shared'), await isThere('own')], [false, false]);
});

test('two builds of one folder that end at the same time do not leave it to each other', async (t) => {
  const { means, send, build, isThere } = await prepare(t);
  await send('shared', NOT_KEPT_BYTES);
  for (let count = 0; count < 2; count++) await build('shared');
  // Both have looked after the folder before either is recorded as ended.
  let writing = 0;
  const write: LocalJobsMeans['reserve']['write'] = async (act) => {
    writing++;
    while (writing < 2) await nextTurn();
    return act();
  };
  const queueLimits = { perInstance: 2, perRepository: 2 };
  const jobs = localJobsUnderTest({ ...means, reserve: { write }, queueLimits });
  const [first, second] = [await jobs.claim('runnable'), await jobs.claim('runnable')];
  assert.ok(first && second);
  await Promise.all([jobs.end(first, { status: 'SUCCESS' }), jobs.end(second, { status: 'FAILED' })]);
  assert.ok(!(await isThere('shared')));
});
