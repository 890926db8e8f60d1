import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { claimBuildRecord, endBuildRecord, takeOverLostRecord } from '#build/queue/queue-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { localJobsUnderTest } from './jobs/testing/local-jobs.ts';
import { Lease, LeaseLost } from './lease.ts';
import { BuildLog } from './output/build-log.ts';

const BUILD = 'b8a1e1a0-0000-4000-8000-000000000001';
const LIMITS = { perInstance: 10, perRepository: 10 };

async function startClaimed() {
  await using undo = new AsyncDisposableStack();
  const db = await openDatabaseUnderTest();
  undo.defer(() => db.destroy());
  await insertRepositoryUnderTest(db);
  await insertBuildRecordUnderTest(db, { buildRecordId: BUILD });
  const folder = await mkdtemp(join(tmpdir(), 'slipway-lease-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const logbook = await Logbook.open({ folder });
  undo.defer(() => logbook.close());
  const clock = { nowMs: 1000, monotonicMs: 7000 };
  const claimed = await claimBuildRecord(db, { owner: 'asleep', nowMs: 1000, leaseMs: 60_000 }, LIMITS);
  const lost: LeaseLost[] = [];
  const lease = new Lease(
    {
      jobs: localJobsUnderTest({ db, now: () => clock.nowMs }),
      now: () => clock.nowMs,
      monotonicMs: () => clock.monotonicMs,
      leaseMs: 100,
    },
    { buildRecordId: BUILD, owner: 'asleep', epoch: claimed?.leaseEpoch ?? 0 },
    { ms: clock.nowMs, monotonicMs: clock.monotonicMs },
    (reason) => void lost.push(reason),
  );
  const writer = await logbook.create(BUILD);
  const log = new BuildLog(writer, { monotonicMs: () => 0, guard: () => lease.held() });
  const cleanUp = undo.move();
  return { db, clock, lease, lost, log, writer, logbook, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
}

for (const [what, slept] of [
  ['whose machine slept', { nowMs: 5000, monotonicMs: 7000 }],
  ['whose clock was set back', { nowMs: -50_000, monotonicMs: 11_000 }],
] as const)
  test(`a worker ${what} past its lease while another took the record can neither append, nor end it, nor push`, async () => {
    await using worker = await startClaimed();
    const { db, clock, lease, log, writer, logbook } = worker;
    await log.header('header');
    await log.begin('GIT_CLONE');
    Object.assign(clock, slept);
    await passLeases(db, 60_001);
    const taken = await takeOverLostRecord(db, { owner: 'other', nowMs: 5000, leaseMs: 60_000 }, 0, []);
    assert.equal(taken?.record.leaseEpoch, 2);

    await assert.rejects(log.output(Buffer.from('too late\n')), LeaseLost);
    await assert.rejects(log.line('too late'), LeaseLost);
    await assert.rejects(log.fail('too late'), LeaseLost);
    await assert.rejects(lease.renew(), LeaseLost, 'what is asked before a push');
    assert.equal(await endBuildRecord(db, lease.holder, { status: 'SUCCESS', endedMs: 5000 }), false);
    assert.equal(worker.lost.length, 1, 'its build is stopped, once');
    await writer.committed();
    assert.equal((await logbook.reach(BUILD))?.lineCount, 2);
    await writer.release();
  });

test('a worker that slept past its lease continues if nobody took the record', async () => {
  await using worker = await startClaimed();
  worker.clock.nowMs = 5000;
  await worker.log.header('header');
  assert.equal(await takeOverLostRecord(worker.db, { owner: 'other', nowMs: 5000, leaseMs: 60_000 }, 0, []), undefined);
  assert.equal(worker.lost.length, 0);
  await worker.writer.release();
});

test('a lease that cannot be renewed because the database is away is kept, and one that fails otherwise is given up', async () => {
  await using worker = await startClaimed();
  const { clock, lease, lost, writer } = worker;
  lease.notRenewed(new Error('too early to matter'));
  clock.nowMs = 5000;
  lease.notRenewed(new DatabaseUnavailable('ask the database'));
  await lease.held();
  assert.equal(lost.length, 0);
  clock.monotonicMs = 9000;
  lease.notRenewed(new Error('other'));
  assert.equal(lost.length, 1);
  await writer.release();
});

for (const jumpMs of [3_600_000, -3_600_000])
  test(`a clock that is set by ${jumpMs} ms ends no build and keeps none: a lease ends by monotonic time`, async () => {
    await using worker = await startClaimed();
    const { clock, lease, lost, writer } = worker;
    clock.nowMs += jumpMs;
    lease.notRenewed(new Error('other'));
    await lease.held();
    assert.equal(lost.length, 0);
    clock.monotonicMs += 101;
    lease.notRenewed(new Error('other'));
    assert.equal(lost.length, 1);
    await writer.release();
  });

test('a worker that ends its record seals the log, although nobody holds a final record and the lease may be over', async () => {
  await using worker = await startClaimed();
  const { db, clock, lease, log, logbook } = worker;
  await log.header('header');
  lease.close();
  assert.ok(await endBuildRecord(db, lease.holder, { status: 'SUCCESS', endedMs: 5000 }));
  // What a beat answers that was asked at the same time.
  lease.lose(undefined);
  clock.nowMs = 5000;
  await log.seal(undefined);
  assert.deepEqual(worker.lost, []);
  assert.equal((await logbook.reach(BUILD))?.sealed, true);
});
