import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import type { AccelerationRuleTable, AccelerationTaskTable } from '#db/schema/acceleration-schema.ts';
import { addJob } from '#job/job-store.ts';
import { ACCELERATE, type AccelerationRule, type AccelerationTask } from './acceleration.ts';
import { accelerationTaskNotFound } from './errors.ts';

/** Stores the rule of a repository. An existing rule keeps its id and gets the new priority file. Returns the id. */
export async function saveAccelerationRule(db: Database, rule: AccelerationRule, nowMs: number): Promise<string> {
  const words = { priority_file: rule.priorityFile ?? null, author: authorText(rule.author) };
  const { rule_id } = await db
    .insertInto('acceleration_rule')
    .values({ rule_id: rule.ruleId, instance_id: rule.instanceId, repo_id: rule.repoId, ...words, created_ms: nowMs })
    .onConflict((conflict) => conflict.column('repo_id').doUpdateSet(words))
    .returning('rule_id')
    .executeTakeFirstOrThrow();
  return rule_id;
}

/** The rule with an id, or of a repository; undefined if there is none, or if it is of another instance. */
export async function findAccelerationRule(
  db: Database,
  instanceId: string,
  named: { ruleId: string } | { repoId: string },
): Promise<AccelerationRule | undefined> {
  const row = await db
    .selectFrom('acceleration_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('ruleId' in named ? 'rule_id' : 'repo_id', '=', 'ruleId' in named ? named.ruleId : named.repoId)
    .executeTakeFirst();
  return row && ruleOf(row);
}

/** The rule of a repository of any instance, or undefined. */
export async function findRuleOfRepository(db: Database, repoId: string): Promise<AccelerationRule | undefined> {
  const row = await db.selectFrom('acceleration_rule').selectAll().where('repo_id', '=', repoId).executeTakeFirst();
  return row && ruleOf(row);
}

/** Removes the rule of a repository. False if it has none. */
export async function removeAccelerationRule(db: Database, repoId: string): Promise<boolean> {
  const result = await db.deleteFrom('acceleration_rule').where('repo_id', '=', repoId).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Adds a task with its job, in the caller's transaction; call `jobsChanged` after it. */
export async function addAccelerationTask(db: Database, task: AccelerationTask): Promise<void> {
  await db
    .insertInto('acceleration_task')
    .values({
      task_id: task.taskId,
      instance_id: task.instanceId,
      repo_id: task.repoId,
      tag: task.tag,
      digest: task.digest,
      created_ms: task.createdMs,
      author: authorText(task.author),
    })
    .execute();
  await addJob(db, ACCELERATE, {
    jobId: task.taskId,
    subject: { taskId: task.taskId, instanceId: task.instanceId },
    nowMs: task.createdMs,
  });
}

/** A task of an instance, also while its repository is being deleted. Throws ARTIFACT_BUILD_TASK_NOT_EXIST. */
export async function getAccelerationTask(db: Database, instanceId: string, taskId: string): Promise<AccelerationTask> {
  const row = await db
    .selectFrom('acceleration_task')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  if (!row) throw accelerationTaskNotFound();
  return taskOf(row);
}

/** The last tasks of a repository, the latest first. */
export async function listAccelerationTasks(db: Database, repoId: string, limit: number): Promise<AccelerationTask[]> {
  const rows = await db
    .selectFrom('acceleration_task')
    .selectAll()
    .where('repo_id', '=', repoId)
    .orderBy('created_ms', 'desc')
    .orderBy('task_id')
    .limit(limit)
    .execute();
  return rows.map(taskOf);
}

/** The ids of tasks whose jobs no longer exist, at most `limit`. */
export async function listJoblessTasks(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('acceleration_task')
    .select('task_id')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('job').select('job_id').whereRef('job.job_id', '=', 'acceleration_task.task_id'))),
    )
    .limit(limit)
    .execute();
  return rows.map((row) => row.task_id);
}

export async function removeAccelerationTask(db: Database, taskId: string): Promise<void> {
  await db.deleteFrom('acceleration_task').where('task_id', '=', taskId).execute();
}

function ruleOf(row: Selectable<AccelerationRuleTable>): AccelerationRule {
  const { rule_id: ruleId, instance_id: instanceId, repo_id: repoId, priority_file } = row;
  return { ruleId, instanceId, repoId, priorityFile: priority_file ?? undefined, author: parseAuthor(row.author) };
}

function taskOf(row: Selectable<AccelerationTaskTable>): AccelerationTask {
  const { task_id: taskId, instance_id: instanceId, repo_id: repoId, tag, digest, created_ms: createdMs } = row;
  return { taskId, instanceId, repoId, tag, digest, createdMs, author: parseAuthor(row.author) };
}
