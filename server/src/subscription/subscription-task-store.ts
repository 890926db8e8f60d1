import type { Selectable } from 'kysely';
import { authorText, parseAuthor, type RuleAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { JobTable } from '#db/schema/job-schema.ts';
import type { SubscriptionTaskTable } from '#db/schema/subscription-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { Failure } from '#job/job.ts';
import { addJob } from '#job/job-store.ts';
import { subscriptionTaskNotFound } from './errors.ts';
import {
  MIRROR,
  type SubscriptionOutcome,
  type SubscriptionResult,
  type SubscriptionRule,
  type SubscriptionTask,
  type SubscriptionTaskType,
} from './subscription.ts';

/**
 * Begins a run of a rule, in the caller's transaction; call `jobsChanged` after it. Returns the id of the run, or of the one in
 * progress.
 */
export async function beginTask(
  db: Database,
  rule: SubscriptionRule,
  asked: { taskId: string; type: SubscriptionTaskType; askedBy: string; author: RuleAuthor; nowMs: number },
): Promise<string> {
  const { taskId, type, askedBy, author, nowMs } = asked;
  const { author: _, ...words } = rule;
  if (!(await addJob(db, MIRROR, { jobId: taskId, subject: { taskId }, once: rule.ruleId, nowMs }))) {
    const running = await db
      .selectFrom('job')
      .select('job_id')
      .where('kind', '=', MIRROR.name)
      .where('once', '=', rule.ruleId)
      .where('state', 'in', ['PENDING', 'RUNNING'])
      .executeTakeFirstOrThrow();
    return running.job_id;
  }
  await db
    .insertInto('subscription_task')
    .values({
      task_id: taskId,
      instance_id: rule.instanceId,
      rule_id: rule.ruleId,
      task_type: type,
      rule: JSON.stringify(words),
      asked_by: askedBy,
      author: authorText(author),
      tag_total: 0,
      tags_chosen: 0,
    })
    .execute();
  return taskId;
}

/** Throws ARTIFACT_SUBSCRIPTION_TASK_NOT_EXIST. */
export async function getSubscriptionTask(db: Database, instanceId: string, taskId: string): Promise<SubscriptionTask> {
  const row = await withJobs(db)
    .where('subscription_task.instance_id', '=', instanceId)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  if (row === undefined) throw subscriptionTaskNotFound();
  return fromRow(row);
}

/** A task by its id alone, for its job. */
export async function findSubscriptionTask(db: Database, taskId: string): Promise<SubscriptionTask | undefined> {
  const row = await withJobs(db).where('task_id', '=', taskId).executeTakeFirst();
  return row && fromRow(row);
}

/** Tasks, newest first. */
export async function listSubscriptionTasks(
  db: Database,
  instanceId: string,
  page: PageRange,
): Promise<{ tasks: SubscriptionTask[]; total: number }> {
  const query = withJobs(db).where('subscription_task.instance_id', '=', instanceId);
  const { rows, total } = await readPage(query.orderBy('subscription_task.sequence', 'desc'), page);
  return { tasks: rows.map(fromRow), total };
}

/** Begins an attempt: removes what an earlier one recorded about tags. */
export async function noteChosen(
  db: Database,
  taskId: string,
  { tagTotal, tagsChosen }: { tagTotal: number; tagsChosen: number },
): Promise<void> {
  await transaction(db, async (trx) => {
    await trx.deleteFrom('subscription_result').where('task_id', '=', taskId).execute();
    await trx
      .updateTable('subscription_task')
      .set({ tag_total: tagTotal, tags_chosen: tagsChosen, message: null })
      .where('task_id', '=', taskId)
      .execute();
  });
}

/** Records why an attempt failed, if another one follows. */
export async function noteFailedAttempt(db: Database, taskId: string, message: string): Promise<void> {
  await db.updateTable('subscription_task').set({ message }).where('task_id', '=', taskId).execute();
}

export async function insertResult(db: Database, taskId: string, tag: string, nowMs: number): Promise<void> {
  await db.insertInto('subscription_result').values({ task_id: taskId, tag, started_ms: nowMs }).execute();
}

export async function endResult(
  db: Database,
  { taskId, tag }: { taskId: string; tag: string },
  { result, message, nowMs }: { result: 'SUCCESS' | 'FAILED'; message?: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable('subscription_result')
    .set({ result, message: message ?? null, ended_ms: nowMs })
    .where('task_id', '=', taskId)
    .where('tag', '=', tag)
    .execute();
}

/** The tags of a task, in the order in which they were copied. */
export async function listResults(
  db: Database,
  taskId: string,
  page: PageRange,
): Promise<{ results: SubscriptionResult[]; total: number }> {
  const query = db.selectFrom('subscription_result').where('task_id', '=', taskId);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  const results = rows.map((row) => ({
    tag: row.tag,
    result: (row.result ?? undefined) as SubscriptionResult['result'],
    message: row.message ?? undefined,
    startedMs: row.started_ms,
    endedMs: row.ended_ms ?? undefined,
  }));
  return { results, total };
}

function withJobs(db: Database) {
  return db
    .selectFrom('subscription_task')
    .innerJoin('job', 'job.job_id', 'subscription_task.task_id')
    .selectAll('subscription_task')
    .select(['state', 'job.result as job_result', 'created_ms', 'started_ms', 'ended_ms']);
}

type Row = Selectable<SubscriptionTaskTable> &
  Pick<JobTable, 'state' | 'created_ms' | 'started_ms' | 'ended_ms'> & { job_result: string | null };

function fromRow(row: Row): SubscriptionTask {
  const end = row.job_result === null ? undefined : (JSON.parse(row.job_result) as Partial<Failure & Ended>);
  const isOver = row.state !== 'PENDING' && row.state !== 'RUNNING';
  return {
    taskId: row.task_id,
    type: row.task_type as SubscriptionTaskType,
    rule: JSON.parse(row.rule) as SubscriptionTask['rule'],
    askedBy: row.asked_by,
    author: parseAuthor(row.author),
    status: isOver ? 'COMPLETED' : 'RUNNING',
    outcome: isOver ? (end?.outcome ?? 'FAILED') : undefined,
    message: isOver ? end?.message : (row.message ?? undefined),
    tagTotal: row.tag_total,
    tagsChosen: row.tags_chosen,
    startedMs: row.started_ms ?? row.created_ms,
    endedMs: row.ended_ms ?? undefined,
  };
}

/** The result of a job that was done. */
interface Ended {
  outcome: SubscriptionOutcome;
  message: string;
}
