import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logbook } from '@slipway/logbook';
import { findBuildRecord } from '#build/build-store.ts';
import { requestCancel } from '#build/queue/cancel-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { DiskReserve } from './disk-reserve.ts';
import type { Jobs } from './jobs/jobs.ts';
import { localJobsUnderTest } from './jobs/testing/local-jobs.ts';
import { Runner, type RunnerMeans } from './runner.ts';

const FAR_MS = 600_000;
const LEASE_MS = 60_000;

/** A runner with one build in its queue. `beforeClaim` runs when the runner is about to claim it, and `change` is what its jobs do otherwise. */
async function prepare(
  t: TestContext,
  beforeClaim: () => Promise<string | undefined>,
  change: (jobs: Jobs) => Partial<Jobs> = () => ({}),
) {
  const db = await openDatabaseUnderTest();
  await insertRepositoryUnderTest(db);
  const buildRecordId = await insertBuildRecordUnderTest(db);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-runner-'));
  const logbook = await Logbook.open({ folder });
  const reports: string[] = [];
  const report = (message: string, error: unknown) => void reports.push(`${message}: ${error}`);
  const monotonicMs = () => performance.now();
  const reserve = await DiskReserve.open({ file: join(folder, 'reserve'), monotonicMs, report });
  const sandbox: Partial<Sandbox> = {
    check: async () => ({ ok: true, problems: [], platforms: { native: [], emulated: [] } }),
    cleanUp: async () => undefined,
  };
  const jobs = localJobsUnderTest({ db, now: Date.now, leaseMs: LEASE_MS, reserve });
  const changed = change(jobs);
  const means: Partial<RunnerMeans> = {
    jobs: {
      claim: changed.claim ?? ((wanted) => jobs.claim(wanted)),
      beat: (builds, leaseMs) => jobs.beat(builds, leaseMs),
      note: (build, facts) => jobs.note(build, facts),
      takeTagTurn: (build) => jobs.takeTagTurn(build),
      end: changed.end ?? ((job, end) => jobs.end(job, end)),
    },
    lostBuilds: { end: async () => undefined },
    leaseMs: LEASE_MS,
    logbook,
    reserve,
    sandbox: sandbox as Sandbox,
    concurrentBuilds: 1,
    limits: { timeoutMs: FAR_MS } as RunnerMeans['limits'],
    bases: { foreign: { known: {} } } as RunnerMeans['bases'],
    serverSecrets: [],
    version: '1',
    now: Date.now,
    monotonicMs,
    report,
    waitReason: beforeClaim,
  };
  const runner = new Runner(means as RunnerMeans);
  t.after(async () => {
    await runner.drain(0);
    await logbook.close();
    await db.destroy();
    await rm(folder, { recursive: true });
  });
  const end = async () => {
    assert.deepEqual(reports, []);
    const record = await findBuildRecord(db, buildRecordId);
    const lines =
      (await logbook.reach(buildRecordId)) && (await logbook.lines(buildRecordId, 0)).map(({ message }) => message);
    return { status: record?.status, kind: record?.failure?.kind, lines };
  };
  return { db, buildRecordId, runner, end, reports };
}

test('a build that is claimed while the server is told to stop has ended when the drain is over', async (t) => {
  let drained: Promise<void> | undefined;
  const { runner, end } = await prepare(t, async () => {
    drained ??= runner.drain(0);
    // The grace is over when the build is claimed.
    await sleep(5);
    return undefined;
  });
  runner.start();
  while (drained === undefined) await sleep(1);
  await drained;
  const { status, kind, lines } = await end();
  assert.deepEqual([status, kind], ['FAILED', 'server-stopped']);
  assert.equal(lines?.at(-2), 'the server was stopped while the build ran');
});

test('a waiting build that is cancelled during a drain ends as CANCELED before the drain is over', async (t) => {
  let drained: Promise<void> | undefined;
  const { db, buildRecordId, runner, end } = await prepare(t, async () => {
    drained ??= runner.drain(FAR_MS);
    await requestCancel(db, buildRecordId, { principal: { arn: 'a', accessKeyId: 'k' }, nowMs: 1 });
    runner.wake();
    return undefined;
  });
  runner.start();
  while (drained === undefined) await sleep(1);
  await drained;
  assert.equal((await end()).status, 'CANCELED');
});

test('a build runs although the answer to its claim was lost', async (t) => {
  let lost = 0;
  const { db, buildRecordId, runner, reports } = await prepare(
    t,
    async () => undefined,
    (jobs) => ({
      claim: async (wanted) => {
        const job = await jobs.claim(wanted);
        if (job === undefined || lost > 0) return job;
        lost += 1;
        throw new DatabaseUnavailable('claim a build');
      },
    }),
  );
  runner.start();
  while ((await findBuildRecord(db, buildRecordId))?.endedMs === undefined) await sleep(1);
  assert.equal(reports.filter((report) => /could not look for builds: .*claim a build/.test(report)).length, 1);
  assert.equal((await findBuildRecord(db, buildRecordId))?.leaseEpoch, 2);
});

const REFUSED_ENDS: [name: string, end: Jobs['end'], report: RegExp][] = [
  ['could not be ended', () => Promise.reject(new Error('not now')), /could not be ended: .*not now/],
  ['was given up', async () => false, /was given up: .*the lease/],
];
for (const [name, end, told] of REFUSED_ENDS)
  test(`a build that ${name} does not begin again`, async (t) => {
    let claims = 0;
    const { db, buildRecordId, runner, reports } = await prepare(
      t,
      async () => undefined,
      (jobs) => ({
        claim: (wanted) => {
          claims += 1;
          return jobs.claim(wanted);
        },
        end,
      }),
    );
    runner.start();
    const times = () => reports.filter((report) => told.test(report)).length;
    while (times() === 0) await sleep(1);
    const before = claims;
    while (claims < before + 6) await sleep(1);
    const record = await findBuildRecord(db, buildRecordId);
    assert.deepEqual([record?.status, record?.leaseEpoch, times()], ['BUILDING', 1, 1]);
  });
