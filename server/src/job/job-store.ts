import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { isLeaseOver, leaseEnd } from '#db/lease-time.ts';
import type { JobEnd, JobKind, JobState } from './job.ts';

/** A job to add. */
export interface NewJob<Subject> {
  jobId: string;
  subject: Subject;
  /** 1 to 5, higher first; jobs of one priority run in the order in which they were added. */
  priority?: number;
  notBeforeMs?: number;
  /** While a job of the kind with the same text is PENDING or RUNNING, no other is added. */
  once?: string;
  nowMs: number;
}

export const DEFAULT_PRIORITY = 3;

/** Adds a job, in the caller's transaction. False if one with the same text exists already. */
export async function addJob<Subject>(
  db: Database,
  kind: JobKind<Subject, unknown>,
  job: NewJob<Subject>,
): Promise<boolean> {
  const inserted = await db
    .insertInto('job')
    .values({
      job_id: job.jobId,
      kind: kind.name,
      subject: JSON.stringify(job.subject),
      once: job.once ?? null,
      priority: job.priority ?? DEFAULT_PRIORITY,
      state: 'PENDING',
      attempt: 0,
      not_before_ms: job.notBeforeMs ?? job.nowMs,
      cancel_requested: 0,
      created_ms: job.nowMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/**
 * Asks a job to end. It is CANCELED at once or soon, unless it was nearly done. False if it has ended or does not
 * exist.
 */
export async function cancelJob(db: Database, jobId: string): Promise<boolean> {
  const updated = await db
    .updateTable('job')
    .set({ cancel_requested: 1 })
    .where('job_id', '=', jobId)
    .where('state', 'in', ['PENDING', 'RUNNING'])
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** The current state of a job. */
export interface StoredJob<Subject, Result> {
  jobId: string;
  subject: Subject;
  priority: number;
  /** One that waits and is to be cancelled is reported as CANCELED already. */
  state: JobState;
  attempt: number;
  createdMs: number;
  startedMs: number | undefined;
  endedMs: number | undefined;
  /** The result of a job that is DONE. */
  result: Result | undefined;
  /** Why a job that is FAILED failed. */
  failure: { code: string; message: string } | undefined;
}

export async function findJob<Subject, Result>(
  db: Database,
  kind: JobKind<Subject, Result>,
  jobId: string,
): Promise<StoredJob<Subject, Result> | undefined> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('kind', '=', kind.name)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const result = row.result === null ? undefined : JSON.parse(row.result);
  return {
    jobId,
    subject: JSON.parse(row.subject) as Subject,
    priority: row.priority,
    state: shownState(row),
    attempt: row.attempt,
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    result: row.state === 'DONE' ? (result as Result) : undefined,
    failure: row.state === 'FAILED' ? result : undefined,
  };
}

/** The state of a job for others: one that waits and is to be cancelled is reported as CANCELED already. */
export function shownState(row: { state: string; cancel_requested: number }): JobState {
  return row.state === 'PENDING' && row.cancel_requested === 1 ? 'CANCELED' : (row.state as JobState);
}

/** Removes at most `limit` jobs that ended before a time, with their rows in other tables. */
export async function removeEndedJobs(db: Database, beforeMs: number, limit: number): Promise<number> {
  const old = await db
    .selectFrom('job')
    .select('sequence')
    .where('ended_ms', '<', beforeMs)
    .orderBy('ended_ms')
    .limit(limit)
    .execute();
  for (const { sequence } of old) await db.deleteFrom('job').where('sequence', '=', sequence).execute();
  return old.length;
}

/** A job that its claimant runs from now on. */
export interface ClaimedJob {
  jobId: string;
  kind: string;
  subject: unknown;
  attempt: number;
  cancelRequested: boolean;
}

export interface JobClaim {
  owner: string;
  nowMs: number;
  leaseMs: number;
}

/**
 * Claims the next job of one of the kinds, which is then RUNNING with a lease. A job that only has to be ended comes
 * first, of any kind in `known`.
 */
export async function claimJob(
  db: Database,
  { owner, nowMs, leaseMs }: JobClaim,
  kinds: { known: readonly string[]; free: readonly string[] },
): Promise<ClaimedJob | undefined> {
  const cancelled = sql`(select min(sequence) from job where state = 'PENDING' and cancel_requested = 1
    and kind in (${sql.join([...kinds.known])}))`;
  const next = sql`(select sequence from job where state = 'PENDING' and not_before_ms <= ${nowMs}
    and kind in (${kinds.free.length === 0 ? sql`null` : sql.join([...kinds.free])})
    order by priority desc, sequence limit 1)`;
  const row = await db
    .updateTable('job')
    .set((eb) => ({
      state: 'RUNNING',
      attempt: eb('attempt', '+', 1),
      started_ms: eb.fn.coalesce('started_ms', eb.val(nowMs)),
      lease_owner: owner,
      lease_until_ms: leaseEnd(leaseMs),
    }))
    .where(sql<boolean>`sequence = coalesce(${cancelled}, ${next})`)
    .where('state', '=', 'PENDING')
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      jobId: row.job_id,
      kind: row.kind,
      subject: JSON.parse(row.subject),
      attempt: row.attempt,
      cancelRequested: row.cancel_requested === 1,
    }
  );
}

/** Renews the leases of an owner on jobs that it runs. Returns those that it still has. */
export async function renewJobLeases(
  db: Database,
  owner: string,
  jobIds: readonly string[],
  leaseMs: number,
): Promise<string[]> {
  if (jobIds.length === 0) return [];
  const rows = await db
    .updateTable('job')
    .set({ lease_until_ms: leaseEnd(leaseMs) })
    .where('lease_owner', '=', owner)
    .where('job_id', 'in', jobIds)
    .where('state', '=', 'RUNNING')
    .returning('job_id')
    .execute();
  return rows.map(({ job_id }) => job_id);
}

/** The jobs that an owner runs and that are to be cancelled. */
export async function listCancelledJobs(db: Database, owner: string): Promise<string[]> {
  const rows = await db
    .selectFrom('job')
    .select('job_id')
    .where('state', '=', 'RUNNING')
    .where('lease_owner', '=', owner)
    .where('cancel_requested', '=', 1)
    .execute();
  return rows.map(({ job_id }) => job_id);
}

/** Ends a job that its owner still has, in the caller's transaction. */
export async function endJob(db: Database, owner: string, jobId: string, end: JobEnd<unknown>): Promise<boolean> {
  const result = end.state === 'DONE' ? end.result : end.state === 'FAILED' ? end.failure : undefined;
  return leave(db, owner, jobId, {
    state: end.state,
    ended_ms: end.timeMs,
    result: result === undefined ? null : JSON.stringify(result),
  });
}

/** Makes a job that its owner still has wait for its next attempt. `counts` says whether this attempt counts. */
export async function putJobBack(
  db: Database,
  owner: string,
  job: { jobId: string; attempt: number },
  again: { notBeforeMs: number; counts: boolean },
): Promise<void> {
  await leave(db, owner, job.jobId, {
    state: 'PENDING',
    not_before_ms: again.notBeforeMs,
    attempt: again.counts ? job.attempt : job.attempt - 1,
  });
}

/** Returns jobs to the queue whose lease is over: their owner is gone. Those in `except` are alive, however late their leases are. */
export async function putLostJobsBack(db: Database, except: readonly string[]): Promise<void> {
  await runningToPending(db)
    .where(isLeaseOver('lease_until_ms'))
    .where('job_id', 'not in', [...except])
    .execute();
}

/** Returns jobs to the queue that owners with this prefix run. The caller knows that these are gone. */
export async function putBackJobsOf(db: Database, ownerPrefix: string): Promise<void> {
  await runningToPending(db)
    .where(sql<boolean>`substr(lease_owner, 1, ${ownerPrefix.length}) = ${ownerPrefix}`)
    .execute();
}

function runningToPending(db: Database) {
  return db
    .updateTable('job')
    .set({ state: 'PENDING', lease_owner: null, lease_until_ms: null })
    .where('state', '=', 'RUNNING');
}

async function leave(
  db: Database,
  owner: string,
  jobId: string,
  change: { state: string; ended_ms?: number; result?: string | null; not_before_ms?: number; attempt?: number },
): Promise<boolean> {
  const updated = await db
    .updateTable('job')
    .set({ ...change, lease_owner: null, lease_until_ms: null })
    .where('job_id', '=', jobId)
    .where('lease_owner', '=', owner)
    .where('state', '=', 'RUNNING')
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}
