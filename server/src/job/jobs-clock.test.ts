import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passLeases } from '#db/testing/pass-leases.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { jobKind } from './job.ts';
import { addJob, findJob } from './job-store.ts';
import { Jobs } from './jobs.ts';
import { jobEnd } from './testing/job-end.ts';

const COPY = jobKind<string, string>('copy');
const HOUR_MS = 3_600_000;

test('a server whose clock is hours off takes no job of another, and loses none of its own', async (context) => {
  const db = await openDatabaseUnderTest();
  const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const opened: Jobs[] = [];
  context.after(async () => {
    end.resolve('done');
    for (const jobs of opened) await jobs.close();
    await db.destroy();
  });
  context.mock.timers.enable({ apis: ['setInterval'] });
  let monotonicMs = 1000;
  const open = async (nodeId: string, clockMs: number, run: () => Promise<string>) => {
    const means = {
      nodeId,
      db,
      now: () => Date.now() + clockMs,
      monotonicMs: () => monotonicMs,
      report: assert.ifError,
    };
    const jobs = new Jobs(means);
    opened.push(jobs);
    jobs.register(COPY, { atOnce: 1, pausesMs: [], run });
    await jobs.start();
    return jobs;
  };
  const first = await open('first', -2 * HOUR_MS, () => {
    began.resolve();
    return end.promise;
  });
  await addJob(db, COPY, { jobId: 'a', subject: '', nowMs: 1 });
  first.wake();
  await began.promise;
  const stolen = async () => assert.fail('it is still run');
  for (const clockMs of [-5 * HOUR_MS, 5 * HOUR_MS]) {
    await open(`other ${clockMs}`, clockMs, stolen);
    // Its lease is renewed meanwhile, and the other has had answers for longer than one.
    for (let passedMs = 0; passedMs < 100_000; passedMs += 5000) {
      monotonicMs += 5000;
      context.mock.timers.tick(5000);
      await findJob(db, COPY, 'a');
    }
  }
  end.resolve('done');
  await jobEnd(db, 'a');
  const { state, attempt, result } = (await findJob(db, COPY, 'a')) ?? {};
  assert.deepEqual([state, attempt, result], ['DONE', 1, 'done']);
});

test('a clock of the database that is set ahead by an hour, again and again, takes no job from the server that runs it', async (context) => {
  const db = await openDatabaseUnderTest();
  const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  context.mock.timers.enable({ apis: ['setInterval'] });
  let monotonicMs = 1000;
  const means = { nodeId: 'node', db, now: () => 1000, monotonicMs: () => monotonicMs, report: assert.ifError };
  const jobs = new Jobs(means);
  context.after(async () => {
    end.resolve('done');
    await jobs.close();
    await db.destroy();
  });
  const run = () => {
    began.resolve();
    return end.promise;
  };
  jobs.register(COPY, { atOnce: 1, pausesMs: [], run });
  await jobs.start();
  await addJob(db, COPY, { jobId: 'a', subject: '', nowMs: 1 });
  jobs.wake();
  await began.promise;
  for (let passedMs = 0; passedMs < 100_000; passedMs += 5000) {
    await passLeases(db, HOUR_MS);
    monotonicMs += 5000;
    context.mock.timers.tick(5000);
    await findJob(db, COPY, 'a');
  }
  end.resolve('done');
  await jobEnd(db, 'a');
  const { state, attempt, result } = (await findJob(db, COPY, 'a')) ?? {};
  assert.deepEqual([state, attempt, result], ['DONE', 1, 'done']);
});
