import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStatistics } from './build-statistics-store.ts';
import { insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { startRepositoryUnderTest } from './testing/repository.ts';

const HOUR_MS = 3_600_000;

test('counts builds per time bucket, including empty buckets, with average times of those that ended', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { repoId, gateway } = repository;
  const { instanceId } = gateway;
  const { db } = gateway.means;
  const start = 100 * HOUR_MS;
  const insert = async (createdMs: number, status: string, waitedMs?: number, ranMs?: number) => {
    const buildRecordId = `b-${createdMs}`;
    await insertBuildRecordUnderTest(db, { buildRecordId, instanceId, repoId, createdMs });
    const startedMs = waitedMs === undefined ? null : createdMs + waitedMs;
    const endedMs = startedMs === null || ranMs === undefined ? null : startedMs + ranMs;
    await db
      .updateTable('build_record')
      .set({ status, started_ms: startedMs, ended_ms: endedMs })
      .where('build_record_id', '=', buildRecordId)
      .execute();
  };
  await insert(start - 1, 'SUCCESS', 1, 1);
  await insert(start, 'SUCCESS', 100, 1000);
  await insert(start + HOUR_MS - 1, 'FAILED', 300, 3000);
  await insert(start + 2 * HOUR_MS, 'CANCELED', 50, 9999);
  await insert(start + 2 * HOUR_MS + 1, 'PENDING');
  await insert(start + 2 * HOUR_MS + 2, 'CANCELED', -70, -5);

  const asked = { lastStartMs: start + 2 * HOUR_MS, lengthMs: HOUR_MS, count: 3 };
  const none = { succeeded: 0, failed: 0, cancelled: 0, meanDurationMs: undefined, meanWaitMs: undefined };
  assert.deepEqual(await buildStatistics(db, { instanceId, repoIds: [repoId] }, asked), [
    { ...none, startMs: start, succeeded: 1, failed: 1, meanDurationMs: 2000, meanWaitMs: 200 },
    { ...none, startMs: start + HOUR_MS },
    { ...none, startMs: start + 2 * HOUR_MS, cancelled: 2, meanWaitMs: 25 },
  ]);
  const other = await buildStatistics(db, { instanceId, repoIds: ['crr-other'] }, asked);
  assert.deepEqual(
    other.map((bucket) => bucket.succeeded),
    [0, 0, 0],
  );
});
