import type { Database } from '#db/database.ts';

/**
 * A kind of job: its name, and the types of a job's subject and of its result. Both are JSON. This value connects the
 * code that adds jobs with the code that runs them:
 *
 * // scan-job.ts
 *     export const SCAN = jobKind<{ repoId: string; digest: string }, { findings: number }>('scan');
 *
 * // an operation, in the transaction of its change; then `means.jobsChanged()`, after the commit
 *     await addJob(db, SCAN, { jobId, subject: { repoId, digest }, once: digest, nowMs });
 *
 * // server.ts
 *     jobs.register(SCAN, { atOnce: 2, pausesMs: [10_000, 60_000], run: ({ subject, signal }) => scan(subject, signal)
 *     });
 */
export interface JobKind<Subject, Result> {
  readonly name: string;
  readonly shapes?: [Subject, Result];
}

export function jobKind<Subject, Result>(name: string): JobKind<Subject, Result> {
  return { name };
}

/** PENDING and RUNNING are followed by one of the others, which are final. */
export type JobState = 'PENDING' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELED';

/** How the jobs of a kind are run. */
export interface JobRunner<Subject, Result> {
  /** How many of the kind run at once. */
  atOnce: number;
  /** How long a job waits after each failed attempt. If empty, the first attempt is the only one. */
  pausesMs: readonly number[];
  /**
   * Does the work. It may run again after it did some or all of it, since the server can die at any moment. It must end
   * soon after `signal` aborts: the job is to be cancelled, or the server is closing and runs it again at its next
   * start.
   */
  run(job: RunningJob<Subject>): Promise<Result>;
  /** Called at the end of a job, in the transaction that ends it: exactly once for each job. */
  ended?(db: Database, job: Job<Subject>, end: JobEnd<Result>): Promise<void>;
}

/** A job, for code that knows its kind. */
export interface Job<Subject> {
  jobId: string;
  subject: Subject;
  /** 1 at first. */
  attempt: number;
}

export interface RunningJob<Subject> extends Job<Subject> {
  /** Whether a failure ends the job. */
  isLastAttempt: boolean;
  signal: AbortSignal;
}

/** How a job ended, at a time. */
export type JobEnd<Result> = { timeMs: number } & (
  | { state: 'DONE'; result: Result }
  | { state: 'FAILED'; failure: Failure }
  | { state: 'CANCELED' }
);

/** Why a job failed: a code for programs, and a message for the user who requested it. */
export interface Failure {
  code: string;
  message: string;
}

/** `run` throws this to say why it failed. Any other error is treated as a fault of the server and reported. */
export class JobFailed extends Error {
  readonly failure: Failure;
  /** Whether another attempt could succeed. */
  readonly mayPass: boolean;
  /** The next attempt begins no sooner than this. */
  readonly pauseMs: number;

  constructor(failure: Failure, options: { mayPass: boolean; pauseMs?: number | undefined; cause?: unknown }) {
    super(failure.message, { cause: options.cause });
    this.failure = failure;
    this.mayPass = options.mayPass;
    this.pauseMs = options.pauseMs ?? 0;
  }
}
