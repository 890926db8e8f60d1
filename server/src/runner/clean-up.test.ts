import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logbook } from '@slipway/logbook';
import { diskBlobStore } from '#blob/disk.ts';
import type { BuildRecord } from '#build/build.ts';
import { findBuildRecord, type NewBuildRecord } from '#build/build-store.ts';
import { requestCancel } from '#build/queue/cancel-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { openMemoryDatabase } from '#db/database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { getSourceArchive, insertSourceArchive } from '#source/source-store.ts';
import { cleanUpBuild } from './clean-up.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { Runner, type RunnerMeans } from './runner.ts';

const NOT_KEPT_BYTES = 1024;
const KEPT_BYTES = 1024 * 1024;

/** A database and sent folders, and what cleans up after their builds. */
async function prepare(t: TestContext) {
  const db = await openMemoryDatabase();
  t.after(() => db.destroy());
  await insertRepositoryUnderTest(db);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-clean-up-'));
  t.after(() => rm(folder, { recursive: true }));
  const blobs = diskBlobStore(join(folder, 'blobs'));
  const means = {
    db,
    blobs,
    keepCache: true,
    limits: { sourceBytes: 100 * KEPT_BYTES } as RunnerMeans['limits'],
    now: () => 5,
    sandbox: { cleanUp: async () => undefined } as unknown as RunnerMeans['sandbox'],
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
    await cleanUpBuild(means, record);
    const ended = db.updateTable('build_record').set({ status: 'SUCCESS' });
    await ended.where('build_record_id', '=', record.buildRecordId).execute();
  };
  const isThere = async (archiveId: string) => (await blobs.head(`sources/${archiveId}`)) !== undefined;
  const canBeBuilt = (archiveId: string) =>
    getSourceArchive(db, 'cri-1', archiveId).then(
      () => true,
      () => false,
    );
  return { folder, means, send, build, end, isThere, canBeBuilt };
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
  const { folder, means, send, build, isThere } = await prepare(t);
  const logbook = await Logbook.open({ folder: join(folder, 'logs') });
  t.after(() => logbook.close());
  await send('shared', NOT_KEPT_BYTES);
  const records = [await build('shared'), await build('shared')];
  for (const { buildRecordId } of records)
    await requestCancel(means.db, buildRecordId, { principal: { arn: 'a', accessKeyId: 'k' }, nowMs: 1 });
  // Both have cleaned up before either is recorded as ended.
  let writing = 0;
  const write: DiskReserve['write'] = async (act) => {
    writing++;
    while (writing < 2) await nextTurn();
    return act();
  };
  const reports: string[] = [];
  const runnerMeans: Partial<RunnerMeans> = {
    ...means,
    logbook,
    reserve: { write, isHeld: true, restore: async () => undefined } as unknown as DiskReserve,
    owner: 'node-1/runner-1',
    nodeId: 'node-1',
    concurrentBuilds: 2,
    queueLimits: { perInstance: 2, perRepository: 2 },
    serverSecrets: [],
    version: '1',
    monotonicMs: () => performance.now(),
    report: (message, error) => void reports.push(`${message}: ${error}`),
    waitReason: async () => undefined,
  };
  const runner = new Runner(runnerMeans as RunnerMeans);
  runner.start();
  t.after(() => runner.drain(0));
  for (const { buildRecordId } of records)
    while ((await findBuildRecord(means.db, buildRecordId))?.status !== 'CANCELED') await nextTurn();
  await runner.drain(0);
  assert.deepEqual(reports, []);
  assert.ok(!(await isThere('shared')));
});
