import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { TakeoverGuard } from '#db/takeover-guard.ts';
import { eventTransaction } from '#event/event-store.ts';
import { type Failure, type JobEnd, JobFailed, type JobKind, type JobRunner } from './job.ts';
import {
  type ClaimedJob,
  claimJob,
  endJob,
  listCancelledJobs,
  putBackJobsOf,
  putJobBack,
  putLostJobsBack,
  renewJobLeases,
} from './job-store.ts';

export interface JobsMeans {
  /** The id of this node: what it left RUNNING when it ended, it runs again at its start. */
  nodeId: string;
  db: Database;
  now(): number;
  /** By default the clock of this process. */
  monotonicMs?(): number;
  /** Whether no job begins for now, of any kind: a restored copy must not even apply its lifecycle rules. */
  isPaused?(): boolean;
  report(message: string, error: unknown): void;
}

const POLL_MS = 500;
/** How long a job waits that could not do its work because the database was away. */
const AWAY_PAUSE_MS = 5_000;
const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 3;

/** Why a job was aborted: after `closing` it is run again. */
type Stop = 'cancelled' | 'closing' | 'lost';

interface Running {
  kind: string;
  abort: AbortController;
  stop: Stop | undefined;
  /** Its end is being written, so it may be out of the table already. */
  isEnding: boolean;
  done: Promise<void>;
}

/**
 * Runs the jobs of the registered kinds. A job is claimed in the database with a lease, so none is left RUNNING: a
 * start runs again what an earlier run of this node left, and another node may take a job whose lease nobody renews.
 */
export class Jobs {
  readonly #means: JobsMeans;
  readonly #owner: string;
  readonly #guard: TakeoverGuard;
  readonly #kinds = new Map<string, JobRunner<unknown, unknown>>();
  readonly #running = new Map<string, Running>();
  #timers: NodeJS.Timeout[] = [];
  #renewing: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #isClosing = false;

  constructor(means: JobsMeans) {
    this.#means = means;
    this.#owner = `${means.nodeId}/jobs-${randomUUID()}`;
    this.#guard = new TakeoverGuard(means.monotonicMs ?? (() => performance.now()), LEASE_MS);
  }

  /** Registers how the jobs of a kind are run. Call it before `start`. */
  register<Subject, Result>(kind: JobKind<Subject, Result>, runner: JobRunner<Subject, Result>): void {
    if (this.#kinds.has(kind.name)) throw new Error(`two kinds of jobs have the name ${kind.name}`);
    this.#kinds.set(kind.name, runner as JobRunner<unknown, unknown>);
  }

  /** Runs jobs from now on, first those that an earlier run of this server left. */
  async start(): Promise<void> {
    const { db, nodeId } = this.#means;
    await putBackJobsOf(db, `${nodeId}/`);
    // Only this server has the database, so no outage has kept a living one from renewing its leases.
    await putLostJobsBack(db, []);
    this.#timers = [setInterval(() => this.wake(), POLL_MS), setInterval(() => this.#renewOnce(), RENEW_MS)];
    this.wake();
  }

  /** Looks for jobs now, after some were added or cancelled. Saves the wait for the next poll. */
  wake = (): void => {
    if (this.#isClosing || this.#timers.length === 0) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#means.report('the server could not look for jobs', error))
      .finally(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.wake();
      });
  };

  /** Takes no more jobs and stops the running ones: the next start runs them again. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#looking;
    await this.#renewing;
    for (const running of this.#running.values()) stop(running, 'closing');
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #look(): Promise<void> {
    const { db, now } = this.#means;
    if (this.#kinds.size === 0) return;
    if (this.#running.size > 0)
      for (const jobId of await listCancelledJobs(db, this.#owner)) stop(this.#running.get(jobId), 'cancelled');
    const known = [...this.#kinds.keys()];
    while (!this.#isClosing && !this.#means.isPaused?.()) {
      const free = known.filter((kind) => this.#hasRoom(kind));
      const claim = { owner: this.#owner, nowMs: now(), leaseMs: LEASE_MS };
      const job = await claimJob(db, claim, { known, free });
      if (job === undefined) break;
      this.#begin(job);
    }
    if (this.#guard.answered()) await putLostJobsBack(db, [...this.#running.keys()]);
  }

  #hasRoom(kind: string): boolean {
    let running = 0;
    for (const each of this.#running.values()) if (each.kind === kind) running += 1;
    return running < (this.#kinds.get(kind)?.atOnce ?? 0);
  }

  #begin(job: ClaimedJob): void {
    const running: Running = {
      kind: job.kind,
      abort: new AbortController(),
      stop: undefined,
      isEnding: false,
      done: Promise.resolve(),
    };
    if (job.cancelRequested) stop(running, 'cancelled');
    // One that was lost while this machine slept may still be ending.
    const before = this.#running.get(job.jobId)?.done;
    this.#running.set(job.jobId, running);
    running.done = Promise.resolve(before)
      .then(() => this.#run(job, running))
      // Its lease ends, and then it is run again.
      .catch((error: unknown) => this.#means.report(`the job ${job.jobId} could not be ended yet`, error))
      .finally(() => {
        if (this.#running.get(job.jobId) === running) this.#running.delete(job.jobId);
        this.wake();
      });
  }

  async #run(job: ClaimedJob, running: Running): Promise<void> {
    const { db, now } = this.#means;
    const runner = this.#kinds.get(job.kind);
    if (runner === undefined) throw new Error(`no kind of job has the name ${job.kind}`);
    const outcome = await this.#attempt(runner, job, running);
    if (running.stop === 'lost') return;
    running.isEnding = true;
    if (outcome === 'closing') return putJobBack(db, this.#owner, job, { notBeforeMs: now(), counts: false });
    if (outcome === 'away')
      return putJobBack(db, this.#owner, job, { notBeforeMs: now() + AWAY_PAUSE_MS, counts: false });
    if ('pauseMs' in outcome)
      return putJobBack(db, this.#owner, job, { notBeforeMs: now() + outcome.pauseMs, counts: true });
    await eventTransaction(db, async (db) => {
      if (await endJob(db, this.#owner, job.jobId, outcome)) await runner.ended?.(db, job, outcome);
    });
  }

  async #attempt(
    runner: JobRunner<unknown, unknown>,
    job: ClaimedJob,
    running: Running,
  ): Promise<JobEnd<unknown> | { pauseMs: number } | 'closing' | 'away'> {
    const { now, report } = this.#means;
    if (running.stop === 'cancelled') return { state: 'CANCELED', timeMs: now() };
    const attempts = runner.pausesMs.length + 1;
    if (job.attempt > attempts + INTERRUPTIONS) return { state: 'FAILED', failure: INTERRUPTED, timeMs: now() };
    const isLastAttempt = job.attempt >= attempts;
    try {
      const result = await runner.run({ ...job, isLastAttempt, signal: running.abort.signal });
      return { state: 'DONE', result, timeMs: now() };
    } catch (error) {
      const stopped = whyStopped(running);
      if (stopped !== undefined) return stopped === 'cancelled' ? { state: 'CANCELED', timeMs: now() } : 'closing';
      if (!(error instanceof JobFailed)) report(`a job of the kind ${job.kind} failed`, error);
      // That is no fault of the job, however often it happens.
      if (isDatabaseUnavailable(error)) return 'away';
      const pauseMs = error instanceof JobFailed && !error.mayPass ? undefined : runner.pausesMs[job.attempt - 1];
      if (pauseMs !== undefined)
        return { pauseMs: error instanceof JobFailed ? Math.max(pauseMs, error.pauseMs) : pauseMs };
      return { state: 'FAILED', failure: error instanceof JobFailed ? error.failure : FAULT, timeMs: now() };
    }
  }

  /** One at a time: a database that answers slowly gets no further question meanwhile. */
  #renewOnce(): void {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
  }

  async #renew(): Promise<void> {
    const { db, report } = this.#means;
    try {
      const before = [...this.#running];
      // The lease of a job that could not be ended is left to end.
      const jobIds = before.map(([jobId]) => jobId);
      const held = new Set(await renewJobLeases(db, this.#owner, jobIds, LEASE_MS));
      for (const [jobId, running] of before)
        if (!held.has(jobId) && this.#running.get(jobId) === running && !running.isEnding) stop(running, 'lost');
    } catch (error) {
      report('the leases of jobs could not be renewed', error);
    }
  }
}

/**
 * How often the death of the server may interrupt a job, beyond its attempts, before the job is treated as the cause.
 */
const INTERRUPTIONS = 3;
const INTERRUPTED: Failure = { code: 'INTERNAL_ERROR', message: 'The server stopped each time while it ran this job.' };
const FAULT: Failure = { code: 'INTERNAL_ERROR', message: 'It failed; the server’s log says why.' };

/** Why a job has been stopped. */
function whyStopped(running: Running): Stop | undefined {
  return running.stop;
}

function stop(running: Running | undefined, why: Stop): void {
  if (running === undefined || running.stop !== undefined) return;
  running.stop = why;
  running.abort.abort(new Error(`the job is stopped: ${why}`));
}
