import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import { requestCancel } from '#build/queue/cancel-store.ts';
import type { QueueLimits } from '#build/queue/queue-store.ts';
import { takeOverLostRecord } from '#build/queue/queue-store.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { RUNNING_STEP } from '#build/testing/running-step.ts';
import type { Database } from '#db/database.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import type { Job, Jobs } from './jobs.ts';

/** A queue with a clock under test, and the runners that take builds from it. */
export interface JobsUnderTest {
  db: Database;
  clock: { nowMs: number };
  leaseMs: number;
  /** The jobs of a runner of this name. */
  runner(owner: string, limits?: Partial<QueueLimits>): Jobs;
}

const COMMIT = { commitId: 'c'.repeat(40), author: 'Ada', message: 'Paint the door' };
const RUNNERS = 50;

/** What every implementation of `Jobs` promises. */
export function testJobs(name: string, open: (t: TestContext) => Promise<JobsUnderTest>): void {
  const prepare = async (t: TestContext, { repositories = 1, builds = 1 } = {}) => {
    const under = await open(t);
    await insertRepositoryUnderTest(
      under.db,
      Array.from({ length: repositories }, (_, at) => ({ repoId: `crr-${at}`, name: `app${at}` })),
    );
    for (let at = 0; at < builds; at++)
      await insertBuildRecordUnderTest(under.db, { repoId: `crr-${at % repositories}` });
    return under;
  };
  const claimed = async (jobs: Jobs): Promise<Job> => {
    const job = await jobs.claim('runnable');
    assert.ok(job);
    return job;
  };

  test(`${name}: many runners claim each build once and exceed no limit`, async (t) => {
    const { db, runner } = await prepare(t, { repositories: 4, builds: 40 });
    const limits = { perInstance: 10, perRepository: 3 };
    const all = await Promise.all(
      Array.from({ length: RUNNERS }, (_, at) => runner(`node/${at}`, limits).claim('runnable')),
    );
    const jobs = all.filter((job) => job !== undefined);
    assert.equal(jobs.length, limits.perInstance);
    assert.equal(new Set(jobs.map(({ record }) => record.buildRecordId)).size, jobs.length);
    const running = await db
      .selectFrom('build_record')
      .select(({ fn }) => ['repo_id', fn.countAll<number>().as('builds')])
      .where('status', '=', 'BUILDING')
      .groupBy('repo_id')
      .execute();
    assert.deepEqual(running.map(({ builds }) => builds).toSorted(), [2, 2, 3, 3]);
  });

  test(`${name}: a cancelled build that waits is claimed apart, whatever the limits are`, async (t) => {
    const { db, runner } = await prepare(t, { builds: 2 });
    const jobs = runner('a', { perInstance: 1, perRepository: 1 });
    const running = await claimed(jobs);
    assert.equal(running.repository, 'team/app0');
    assert.equal(await jobs.claim('cancelled'), undefined);
    const [waiting] = await db
      .selectFrom('build_record')
      .select('build_record_id')
      .where('status', '=', 'PENDING')
      .execute();
    const buildRecordId = waiting?.build_record_id ?? '';
    await requestCancel(db, buildRecordId, { principal: { arn: 'a', accessKeyId: 'k' }, nowMs: 1 });
    assert.equal(await jobs.claim('runnable'), undefined);
    assert.equal((await jobs.claim('cancelled'))?.record.buildRecordId, buildRecordId);
    assert.deepEqual(await jobs.beat([running.holder]), { cancelled: [], lost: [] });
    await requestCancel(db, running.record.buildRecordId, { principal: { arn: 'a', accessKeyId: 'k' }, nowMs: 1 });
    const orders = { cancelled: [{ buildRecordId: running.record.buildRecordId, supersededBy: undefined }], lost: [] };
    assert.deepEqual(await jobs.beat([running.holder]), orders);
  });

  test(`${name}: only a beat that renews keeps a build from being taken over`, async (t) => {
    const { db, clock, leaseMs, runner } = await prepare(t);
    const jobs = runner('a');
    const { holder } = await claimed(jobs);
    const takeOver = () => takeOverLostRecord(db, { owner: 'b', nowMs: clock.nowMs, leaseMs }, 0, []);
    await passLeases(db, leaseMs / 2);
    assert.equal(await takeOver(), undefined, 'the lease is not over');
    assert.deepEqual(await jobs.beat([holder], leaseMs), { cancelled: [], lost: [] });
    await passLeases(db, leaseMs / 2);
    assert.equal(await takeOver(), undefined, 'it was renewed');
    await jobs.beat([holder]);
    await passLeases(db, leaseMs / 2 + 1);
    assert.equal((await takeOver())?.from, 'a');
  });

  test(`${name}: after another took a build over, every call says that it is lost and changes nothing`, async (t) => {
    const { db, clock, leaseMs, runner } = await prepare(t, { repositories: 2, builds: 2 });
    const jobs = runner('a', { perInstance: 2 });
    const [lost, kept] = [await claimed(jobs), await claimed(jobs)];
    await passLeases(db, leaseMs + 1);
    await jobs.beat([kept.holder], leaseMs);
    const taken = await takeOverLostRecord(db, { owner: 'b', nowMs: clock.nowMs, leaseMs }, 0, []);
    assert.equal(taken?.record.buildRecordId, lost.record.buildRecordId);
    const before = await findBuildRecord(db, lost.record.buildRecordId);
    for (const renewMs of [undefined, leaseMs])
      assert.deepEqual(await jobs.beat([lost.holder, kept.holder], renewMs), {
        cancelled: [],
        lost: [lost.record.buildRecordId],
      });
    for (const facts of [{ commit: COMMIT }, { baseImages: [] }, { steps: [RUNNING_STEP] }])
      assert.equal(await jobs.note(lost.holder, facts), false);
    assert.equal(await jobs.takeTagTurn(lost.holder), undefined);
    assert.equal(await jobs.end(lost, { status: 'SUCCESS' }), false);
    assert.deepEqual(await findBuildRecord(db, lost.record.buildRecordId), before);
    assert.deepEqual(await listBuildSteps(db, lost.record.buildRecordId), []);
  });

  test(`${name}: a build whose claim got no answer is claimed once more, by its own runner alone`, async (t) => {
    const { db, clock, leaseMs, runner } = await prepare(t, { repositories: 3, builds: 3 });
    const [jobs, other] = [runner('a', { perInstance: 2 }), runner('b', { perInstance: 3 })];
    assert.equal(await jobs.claim({ unknownTo: [] }), undefined, 'waiting builds are nobody’s');
    const [known, unanswered] = [await claimed(jobs), await claimed(jobs)];
    await claimed(other);
    const unknownTo = [known.record.buildRecordId];
    clock.nowMs += 10;
    const again = await jobs.claim({ unknownTo });
    const { leaseEpoch } = unanswered.record;
    assert.deepEqual(again?.record, { ...unanswered.record, leaseEpoch: leaseEpoch + 1 });
    assert.equal(again?.repository, unanswered.repository);
    assert.deepEqual((await jobs.beat([unanswered.holder])).lost, [unanswered.record.buildRecordId], 'a late answer');
    assert.deepEqual(await jobs.beat([known.holder, again.holder], leaseMs), { cancelled: [], lost: [] });
    assert.equal(await jobs.claim({ unknownTo: [...unknownTo, again.record.buildRecordId] }), undefined);
    await passLeases(db, leaseMs + 1);
    await takeOverLostRecord(db, { owner: 'c', nowMs: clock.nowMs, leaseMs }, 0, unknownTo);
    assert.equal(await jobs.claim({ unknownTo }), undefined, 'another has it');
  });

  test(`${name}: a call that is repeated has one effect`, async (t) => {
    const { db, runner } = await prepare(t);
    const jobs = runner('a');
    const job = await claimed(jobs);
    const { buildRecordId } = job.record;
    const events = async () => {
      const rows = await db.selectFrom('event').select('kind').execute();
      return rows.map(({ kind }) => kind).filter((kind) => kind === 'build_finished');
    };
    const states: unknown[] = [];
    for (let times = 0; times < 3; times++) {
      assert.ok(await jobs.note(job.holder, { commit: COMMIT, baseImages: [], steps: [RUNNING_STEP] }));
      assert.deepEqual(await jobs.takeTagTurn(job.holder), { kind: 'taken' });
      states.push([await findBuildRecord(db, buildRecordId), await listBuildSteps(db, buildRecordId)]);
    }
    assert.deepEqual([states[1], states[2]], [states[0], states[0]]);
    const ends: unknown[] = [];
    for (let times = 0; times < 3; times++) {
      assert.ok(await jobs.end(job, { status: 'SUCCESS', imageDigest: 'sha256:1' }));
      ends.push(await findBuildRecord(db, buildRecordId));
    }
    assert.deepEqual([ends[1], ends[2]], [ends[0], ends[0]]);
    assert.deepEqual(await events(), ['build_finished']);
    assert.equal(await jobs.end(job, { status: 'FAILED' }), false, 'a status never moves');
  });
}
