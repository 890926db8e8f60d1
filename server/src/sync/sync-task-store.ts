import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { JobTable } from '#db/schema/job-schema.ts';
import type { SyncTaskTable } from '#db/schema/sync-schema.ts';
import type { Failure } from '#job/job.ts';
import { addJob, shownState } from '#job/job-store.ts';
import { syncTaskNotFound } from './errors.ts';
import { type NewSyncTask, SYNC, type SyncLayer, type SyncStatus, type SyncTask, type SyncTrigger } from './sync.ts';

/** Adds a task and its job, in the caller's transaction. */
export async function insertSyncTask(db: Database, task: NewSyncTask, regionId: string, nowMs: number): Promise<void> {
  const { taskId, from, to } = task;
  await addJob(db, SYNC, { jobId: taskId, subject: { taskId }, priority: task.priority, nowMs });
  if (from.regionId !== regionId) throw new Error('a task copies from this instance');
  await db
    .insertInto('sync_task')
    .values({
      task_id: taskId,
      instance_id: from.instanceId,
      batch_id: task.batchId,
      rule_id: task.ruleId ?? null,
      task_trigger: task.trigger,
      repo_id: task.repoId,
      namespace_name: from.namespaceName,
      repo_name: from.repoName,
      tag: from.tag,
      target_instance_id: to.instanceId,
      target_region_id: to.regionId,
      target_namespace_name: to.namespaceName,
      target_repo_name: to.repoName,
      target_tag: to.tag,
      cross_user: task.crossUser ? 1 : 0,
      overrides: task.overrides ? 1 : 0,
      path: JSON.stringify(task.path),
      asked_by: task.askedBy,
      author: authorText(task.author),
      digest: task.digest ?? null,
      referrers_only: task.referrersOnly ? 1 : 0,
    })
    .execute();
}

/**
 * Limits the copies of rules that are in progress, in a namespace or in one of its repositories, to the images that their tags point to
 * now.
 */
export async function pinWaitingCopies(
  db: Database,
  { instanceId, namespaceName, repoName }: { instanceId: string; namespaceName: string; repoName?: string | undefined },
): Promise<void> {
  const waiting = db.selectFrom('job').select('job_id').where('kind', '=', SYNC.name);
  let copies = db
    .updateTable('sync_task')
    .set((eb) => ({
      digest: eb.fn.coalesce(
        eb
          .selectFrom('tag')
          .select('tag.digest')
          .whereRef('tag.repo_id', '=', 'sync_task.repo_id')
          .whereRef('tag.name', '=', 'sync_task.tag'),
        // A tag that was removed: no image has this digest.
        eb.val(''),
      ),
    }))
    .where('task_id', 'in', waiting.where('state', 'in', ['PENDING', 'RUNNING']))
    .where('digest', 'is', null)
    .where('task_trigger', '=', 'PASSIVE' satisfies SyncTrigger)
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName);
  if (repoName !== undefined) copies = copies.where('repo_name', '=', repoName);
  await copies.execute();
}

/** Throws SYNC_TASK_NOT_EXIST. */
export async function getSyncTask(
  db: Database,
  regionId: string,
  instanceId: string,
  taskId: string,
): Promise<SyncTask> {
  const row = await withJobs(db)
    .where('sync_task.instance_id', '=', instanceId)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  if (row === undefined) throw syncTaskNotFound();
  return fromRow(row, regionId);
}

/** A task by its id alone, for its job. */
export async function findSyncTask(db: Database, regionId: string, taskId: string): Promise<SyncTask | undefined> {
  const row = await withJobs(db).where('task_id', '=', taskId).executeTakeFirst();
  return row && fromRow(row, regionId);
}

/** Filters for a list of tasks. */
export interface SyncTaskFilter {
  instanceId: string;
  namespaceName?: string | undefined;
  repoName?: string | undefined;
  tag?: string | undefined;
  batchId?: string | undefined;
}

/** Tasks, newest first. */
export async function listSyncTasks(
  db: Database,
  regionId: string,
  filter: SyncTaskFilter,
  page: PageRange,
): Promise<{ tasks: SyncTask[]; total: number }> {
  let query = withJobs(db).where('sync_task.instance_id', '=', filter.instanceId);
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.repoName !== undefined) query = query.where('repo_name', '=', filter.repoName);
  if (filter.tag !== undefined) query = query.where('tag', '=', filter.tag);
  if (filter.batchId !== undefined) query = query.where('batch_id', '=', filter.batchId);
  const { rows, total } = await readPage(query.orderBy('sync_task.sequence', 'desc'), page);
  return { tasks: rows.map((row) => fromRow(row, regionId)), total };
}

/** Records the layers of a task. Those that an earlier attempt recorded stay as they are. */
export async function insertSyncLayers(
  db: Database,
  taskId: string,
  layers: readonly { layerTaskId: string; digest: string; sizeBytes: number }[],
): Promise<void> {
  for (let first = 0; first < layers.length; first += LAYERS_AT_ONCE)
    await db
      .insertInto('sync_layer')
      .values(
        layers.slice(first, first + LAYERS_AT_ONCE).map(({ layerTaskId, digest, sizeBytes }, index) => ({
          layer_task_id: layerTaskId,
          task_id: taskId,
          place: first + index,
          digest,
          size_bytes: sizeBytes,
          synced_bytes: 0,
          is_there: 0,
        })),
      )
      .onConflict((conflict) => conflict.columns(['task_id', 'digest']).doNothing())
      .execute();
}

const LAYERS_AT_ONCE = 100;

/** Records how much of a layer was sent; a smaller figure of a later attempt is ignored. */
export async function noteSyncedBytes(db: Database, taskId: string, digest: string, bytes: number): Promise<void> {
  await db
    .updateTable('sync_layer')
    .set({ synced_bytes: bytes })
    .where('task_id', '=', taskId)
    .where('digest', '=', digest)
    .where('synced_bytes', '<', bytes)
    .execute();
}

export async function noteLayerThere(db: Database, taskId: string, digest: string): Promise<void> {
  await db
    .updateTable('sync_layer')
    .set({ is_there: 1 })
    .where('task_id', '=', taskId)
    .where('digest', '=', digest)
    .execute();
}

export async function listSyncLayers(db: Database, taskId: string): Promise<SyncLayer[]> {
  const rows = await db
    .selectFrom('sync_layer')
    .selectAll()
    .where('task_id', '=', taskId)
    .orderBy('place')
    .orderBy('layer_task_id')
    .execute();
  return rows.map((row) => ({
    layerTaskId: row.layer_task_id,
    digest: row.digest,
    sizeBytes: row.size_bytes,
    syncedBytes: row.synced_bytes,
    isThere: row.is_there === 1,
  }));
}

function withJobs(db: Database) {
  return db
    .selectFrom('sync_task')
    .innerJoin('job', 'job.job_id', 'sync_task.task_id')
    .selectAll('sync_task')
    .select(['state', 'cancel_requested', 'attempt', 'priority', 'result'])
    .select(['created_ms', 'started_ms', 'ended_ms']);
}

type Row = Selectable<SyncTaskTable> &
  Pick<
    JobTable,
    'state' | 'cancel_requested' | 'attempt' | 'priority' | 'result' | 'created_ms' | 'started_ms' | 'ended_ms'
  >;

function fromRow(row: Row, regionId: string): SyncTask {
  const status = statusOf(row);
  return {
    taskId: row.task_id,
    batchId: row.batch_id,
    ruleId: row.rule_id ?? undefined,
    trigger: row.task_trigger as SyncTrigger,
    repoId: row.repo_id,
    from: {
      instanceId: row.instance_id,
      regionId,
      namespaceName: row.namespace_name,
      repoName: row.repo_name,
      tag: row.tag,
    },
    to: {
      instanceId: row.target_instance_id,
      regionId: row.target_region_id,
      namespaceName: row.target_namespace_name,
      repoName: row.target_repo_name,
      tag: row.target_tag,
    },
    crossUser: row.cross_user === 1,
    overrides: row.overrides === 1,
    priority: row.priority,
    path: JSON.parse(row.path) as string[],
    askedBy: row.asked_by,
    author: parseAuthor(row.author),
    digest: row.digest ?? undefined,
    referrersOnly: row.referrers_only === 1,
    status,
    issue: status === 'ERROR' && row.result !== null ? (JSON.parse(row.result) as Failure) : undefined,
    createdMs: row.created_ms,
    modifiedMs: row.ended_ms ?? row.started_ms ?? row.created_ms,
  };
}

/** A task that waits for its next attempt is still in progress. */
function statusOf(row: Row): SyncStatus {
  const state = shownState(row);
  if (state === 'PENDING') return row.attempt > 0 ? 'SYNCHRONIZING' : 'PENDING';
  return ({ RUNNING: 'SYNCHRONIZING', DONE: 'SUCCESS', FAILED: 'ERROR', CANCELED: 'CANCELED' } as const)[state];
}
