import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Database } from '#db/database.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { type JobEnd, JobFailed, type JobRunner, jobKind } from './job.ts';
import { addJob, cancelJob, findJob, removeEndedJobs } from './job-store.ts';
import { Jobs } from './jobs.ts';
import { jobEnds } from './testing/job-end.ts';

const COPY = jobKind<string, string>('copy');

interface Setup {
  db: Database;
  jobs: Jobs;
  nowMs: number;
  monotonicMs: number;
  /** How far the clock advances each time it is read. */
  stepMs: number;
  faults: string[];
  add(jobId: string, more?: { priority?: number; notBeforeMs?: number; once?: string }): Promise<boolean>;
  /** Each end, in order, as `jobId STATE`. */
  ends: string[];
  isPaused: boolean;
  /** Resolves once a number of jobs have ended. */
  ended(count: number): Promise<void>;
  open(runner: Partial<JobRunner<string, string>>, nodeId?: string): Promise<Jobs>;
}

async function setUp(context: TestContext, runner: Partial<JobRunner<string, string>>): Promise<Setup> {
  const db = await openDatabaseUnderTest();
  const opened: Jobs[] = [];
  context.after(async () => {
    for (const jobs of opened) await jobs.close();
    await db.destroy();
  });
  const ends: string[] = [];
  const setup = {
    db,
    nowMs: 1000,
    monotonicMs: 1000,
    stepMs: 0,
    faults: [] as string[],
    ends,
    isPaused: false,
    add: (jobId: string, more = {}) =>
      addJob(db, COPY, { jobId, subject: `subject of ${jobId}`, nowMs: setup.nowMs, ...more }),
    ended: (count: number) => jobEnds(db, count),
    open: async (runner: Partial<JobRunner<string, string>>, nodeId = 'node-1') => {
      const jobs = new Jobs({
        nodeId,
        db,
        now: () => (setup.nowMs += setup.stepMs),
        monotonicMs: () => setup.monotonicMs,
        isPaused: () => setup.isPaused,
        report: (message) => setup.faults.push(message),
      });
      opened.push(jobs);
      jobs.register(COPY, {
        atOnce: 1,
        pausesMs: [],
        run: async () => 'done',
        ended: async (_, { jobId }, end: JobEnd<string>) => {
          ends.push(`${jobId} ${end.state}`);
        },
        ...runner,
      });
      await jobs.start();
      return jobs;
    },
  };
  return Object.assign(setup, { jobs: await setup.open(runner) });
}

/** A job that ends when it is stopped. */
function waitingRun() {
  const began = Promise.withResolvers<void>();
  const run = ({ signal }: { signal: AbortSignal }) => {
    began.resolve();
    return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  return { run, began: began.promise };
}

test('runs jobs by priority, then in the order in which they were added, and keeps their results', async (context) => {
  const order: string[] = [];
  const hold = Promise.withResolvers<void>();
  const setup = await setUp(context, {
    run: async ({ jobId, subject }) => {
      order.push(jobId);
      await hold.promise;
      return subject.toUpperCase();
    },
  });
  await setup.add('first');
  setup.jobs.wake();
  while (order.length === 0) await new Promise(setImmediate);
  for (const [jobId, priority] of [
    ['a', 3],
    ['b', 5],
    ['c', 1],
    ['d', 5],
  ] as const)
    await setup.add(jobId, { priority });
  hold.resolve();
  await setup.ended(5);
  assert.deepEqual(order, ['first', 'b', 'd', 'a', 'c']);
  const job = await findJob(setup.db, COPY, 'b');
  assert.deepEqual([job?.state, job?.result, job?.attempt], ['DONE', 'SUBJECT OF B', 1]);
});

test('begins no job while the server is paused, and begins those that wait when it continues', async (context) => {
  const setup = await setUp(context, {});
  setup.isPaused = true;
  await setup.add('a');
  setup.jobs.wake();
  // It has looked once it is closed.
  await setup.jobs.close();
  assert.equal((await findJob(setup.db, COPY, 'a'))?.state, 'PENDING');
  const second = await setup.open({});
  second.wake();
  setup.isPaused = false;
  second.wake();
  await setup.ended(1);
  assert.deepEqual(setup.ends, ['a DONE']);
});

test('runs at most one job of a kind with the same text, until it has ended', async (context) => {
  const { run, began } = waitingRun();
  const setup = await setUp(context, { run });
  assert.equal(await setup.add('a', { once: 'x' }), true);
  assert.equal(await setup.add('b', { once: 'x' }), false);
  assert.equal(await setup.add('c', { once: 'y' }), true);
  setup.jobs.wake();
  await began;
  assert.equal(await setup.add('d', { once: 'x' }), false);
  await cancelJob(setup.db, 'a');
  await cancelJob(setup.db, 'c');
  setup.jobs.wake();
  await setup.ended(2);
  assert.equal(await setup.add('e', { once: 'x' }), true);
});

test('cancels a job that waits or runs, but not one that has ended', async (context) => {
  const { run, began } = waitingRun();
  const setup = await setUp(context, { run });
  await setup.add('runs');
  setup.jobs.wake();
  await began;
  await setup.add('waits');
  assert.equal(await cancelJob(setup.db, 'waits'), true);
  assert.equal((await findJob(setup.db, COPY, 'waits'))?.state, 'CANCELED');
  assert.equal(await cancelJob(setup.db, 'runs'), true);
  setup.jobs.wake();
  await setup.ended(2);
  assert.deepEqual(setup.ends.toSorted(), ['runs CANCELED', 'waits CANCELED']);
  assert.equal(await cancelJob(setup.db, 'runs'), false);
  assert.deepEqual(setup.faults, []);
});

test('retries a temporary failure after its pause, and fails the job at the last attempt', async (context) => {
  const setup = await setUp(context, {
    pausesMs: [100, 200],
    run: async ({ jobId, attempt, isLastAttempt }) => {
      if (jobId === 'lucky' && attempt === 2) return 'at last';
      const failure = { code: 'NETWORK_ERROR', message: `attempt ${attempt}${isLastAttempt ? ', the last' : ''}` };
      throw new JobFailed(failure, { mayPass: jobId !== 'hopeless' });
    },
  });
  setup.stepMs = 300;
  for (const jobId of ['lucky', 'hopeless', 'unlucky']) await setup.add(jobId);
  setup.jobs.wake();
  await setup.ended(3);
  const [lucky, hopeless, unlucky] = await Promise.all(
    ['lucky', 'hopeless', 'unlucky'].map((jobId) => findJob(setup.db, COPY, jobId)),
  );
  assert.deepEqual([lucky?.state, lucky?.result], ['DONE', 'at last']);
  assert.deepEqual(hopeless?.failure, { code: 'NETWORK_ERROR', message: 'attempt 1' });
  assert.deepEqual(unlucky?.failure, { code: 'NETWORK_ERROR', message: 'attempt 3, the last' });
  assert.deepEqual(setup.faults, []);
});

test('starts no job before its time', async (context) => {
  const order: string[] = [];
  const setup = await setUp(context, {
    run: async ({ jobId }) => {
      order.push(jobId);
      return '';
    },
  });
  await setup.add('later', { notBeforeMs: 5000 });
  await setup.add('now');
  setup.jobs.wake();
  await setup.ended(1);
  setup.nowMs = 5000;
  setup.jobs.wake();
  await setup.ended(2);
  assert.deepEqual(order, ['now', 'later']);
});

test('reports an unexpected error, and does not show its message to the user', async (context) => {
  const setup = await setUp(context, { run: async () => Promise.reject(new Error('inner words')) });
  await setup.add('a');
  setup.jobs.wake();
  await setup.ended(1);
  const job = await findJob(setup.db, COPY, 'a');
  assert.deepEqual([job?.state, job?.failure?.code], ['FAILED', 'INTERNAL_ERROR']);
  assert.doesNotMatch(job?.failure?.message ?? '', /inner/);
  assert.deepEqual(setup.faults, ['a job of the kind copy failed']);
});

test('runs what a dead server left running again, once, and ignores its late end', async (context) => {
  const died = Promise.withResolvers<string>();
  const began = Promise.withResolvers<void>();
  const setup = await setUp(context, {
    run: () => {
      began.resolve();
      return died.promise;
    },
  });
  await setup.add('a');
  setup.jobs.wake();
  await began.promise;
  const other = await setup.open({ run: async () => 'by another node' }, 'node-2');
  // What the next life puts back, either of them might take.
  await other.close();
  await setup.open({ run: async ({ attempt }) => `by the second life, attempt ${attempt}` });
  await setup.ended(1);
  died.resolve('by the first life');
  await setup.jobs.close();
  const job = await findJob(setup.db, COPY, 'a');
  assert.deepEqual([job?.state, job?.result], ['DONE', 'by the second life, attempt 2']);
  assert.deepEqual(setup.ends, ['a DONE']);
});

test('runs a job again whose end could not be written, while another one runs on', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { run, began } = waitingRun();
  const ends: string[] = [];
  const setup = await setUp(context, {
    atOnce: 2,
    run: (job) => (job.jobId === 'long' ? run(job) : Promise.resolve('done')),
    ended: async (_, { jobId, attempt }) => {
      ends.push(`${jobId} ${attempt}`);
      if (attempt === 1) throw new Error('inner');
    },
  });
  await setup.add('long');
  await setup.add('a');
  setup.jobs.wake();
  await began;
  while (setup.faults.length === 0) await new Promise(setImmediate);
  await passLeases(setup.db, 60_001);
  while (ends.length < 2) {
    setup.monotonicMs += 5000;
    context.mock.timers.tick(5000);
    await new Promise(setImmediate);
  }
  assert.deepEqual(ends, ['a 1', 'a 2']);
  assert.deepEqual(setup.faults, ['the job a could not be ended yet']);
  assert.equal((await findJob(setup.db, COPY, 'long'))?.attempt, 1);
});

test('fails a job that the server dies of again and again', async (context) => {
  const setup = await setUp(context, {});
  await setup.jobs.close();
  await setup.add('poison');
  await setup.db.updateTable('job').set({ attempt: 4 }).execute();
  await setup.open({});
  await setup.ended(1);
  assert.equal((await findJob(setup.db, COPY, 'poison'))?.state, 'FAILED');
});

test('leaves jobs of a closing server to its next start, without counting the attempt', async (context) => {
  const { run, began } = waitingRun();
  const setup = await setUp(context, { run });
  await setup.add('a');
  setup.jobs.wake();
  await began;
  await setup.jobs.close();
  const left = await findJob(setup.db, COPY, 'a');
  assert.deepEqual([left?.state, left?.attempt], ['PENDING', 0]);
  await setup.open({});
  await setup.ended(1);
  assert.deepEqual(setup.ends, ['a DONE']);
});

test('removes jobs that ended long ago', async (context) => {
  const setup = await setUp(context, {});
  for (const jobId of ['a', 'b']) await setup.add(jobId);
  await setup.add('later', { notBeforeMs: 9000 });
  setup.jobs.wake();
  await setup.ended(2);
  assert.equal(await removeEndedJobs(setup.db, 1000, 10), 0);
  assert.equal(await removeEndedJobs(setup.db, 1001, 1), 1);
  assert.equal(await removeEndedJobs(setup.db, 1001, 10), 1);
  assert.equal((await findJob(setup.db, COPY, 'later'))?.state, 'PENDING');
});
