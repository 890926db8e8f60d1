import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { jobKind } from './job.ts';
import { addJob, findJob } from './job-store.ts';
import { Jobs } from './jobs.ts';
import { jobEnd } from './testing/job-end.ts';

const COPY = jobKind<string, string>('copy');

test('runs a job again that failed because the database was away, without counting the attempt', async (context) => {
  const db = await openDatabaseUnderTest();
  const failed = Promise.withResolvers<void>();
  let isAway = true;
  let nowMs = 1000;
  const jobs = new Jobs({ nodeId: 'node-1', db, now: () => nowMs, report: () => failed.resolve() });
  context.after(async () => {
    await jobs.close();
    await db.destroy();
  });
  jobs.register(COPY, {
    atOnce: 1,
    pausesMs: [],
    run: async ({ attempt }) => {
      if (isAway) throw new Error('read', { cause: new DatabaseUnavailable('ask the database') });
      return `attempt ${attempt}`;
    },
  });
  await addJob(db, COPY, { jobId: 'a', subject: '', nowMs });
  await jobs.start();
  await failed.promise;
  isAway = false;
  nowMs += 60_000;
  while ((await findJob(db, COPY, 'a'))?.state === 'RUNNING') await new Promise(setImmediate);
  nowMs += 60_000;
  jobs.wake();
  await jobEnd(db, 'a');
  const job = await findJob(db, COPY, 'a');
  assert.deepEqual([job?.state, job?.result], ['DONE', 'attempt 1']);
});
