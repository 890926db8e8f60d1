import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { testJobs } from './jobs.contract.ts';
import { localJobsUnderTest } from './testing/local-jobs.ts';

const LEASE_MS = 1000;

testJobs('jobs of this process', async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const clock = { nowMs: 1 };
  return {
    db,
    clock,
    leaseMs: LEASE_MS,
    runner: (owner, limits = {}) =>
      localJobsUnderTest({
        db,
        now: () => clock.nowMs,
        owner,
        leaseMs: LEASE_MS,
        queueLimits: { perInstance: 1, perRepository: 1, ...limits },
      }),
  };
});
