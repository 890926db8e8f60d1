import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { LifecycleRunTable } from '#db/schema/lifecycle-schema.ts';
import type { CoveredRepository } from './aged-tag-store.ts';
import { lifecycleRunNotFound } from './errors.ts';
import type { LifecycleRule, LifecycleRuleWords } from './lifecycle-rule.ts';

/** One run of a rule, with the rule's fields at its beginning. */
export interface LifecycleRun {
  runId: string;
  instanceId: string;
  ruleId: string;
  rule: LifecycleRuleWords;
  ruleModifiedMs: number;
  /** The ARN of the caller; undefined if it ran by schedule. */
  requestedBy: string | undefined;
  /** Whether it only reports what it would remove. */
  dryRun: boolean;
  createdMs: number;
  startedMs: number | undefined;
  endedMs: number | undefined;
  /** Why it ended early. */
  failure: string | undefined;
  /** `namespace/name` of the last repository that it finished. */
  doneThrough: string | undefined;
  repositories: number;
  keptTags: number;
  removedTags: number;
  removedManifests: number;
}

/** What a run did in one repository; leaves out those where it removed nothing for an ordinary reason. */
export interface RunRepository {
  repoId: string;
  repository: string;
  removedTags: number;
  removedManifests: number;
  /** The first thousand. */
  tags: string[];
  /** Whether the rule's expression matches no tag there, so that nothing was removed. */
  matchesNone: boolean;
}

/** How many names of tags are recorded for one repository of a run. */
const NAMES_LIMIT = 1000;

/** How many runs are kept on record for each rule. */
const RUNS_KEPT = 10;

/** Inserts a run, in the caller's transaction, and removes the oldest ended runs of its rule from the record. */
export async function insertRun(
  db: Database,
  rule: LifecycleRule,
  run: { runId: string; requestedBy: string | undefined; dryRun: boolean; nowMs: number },
): Promise<void> {
  const { ruleId, instanceId, createdMs: _, modifiedMs, countedFromMs: __, author: ___, ...words } = rule;
  await db
    .insertInto('lifecycle_run')
    .values({
      run_id: run.runId,
      instance_id: instanceId,
      rule_id: ruleId,
      rule: JSON.stringify(words),
      rule_modified_ms: modifiedMs,
      requested_by: run.requestedBy ?? null,
      dry_run: run.dryRun ? 1 : 0,
      created_ms: run.nowMs,
      repositories: 0,
      kept_tags: 0,
      removed_tags: 0,
      removed_manifests: 0,
    })
    .execute();
  const old = await db
    .selectFrom('lifecycle_run')
    .select('run_id')
    .where('rule_id', '=', ruleId)
    .where('ended_ms', 'is not', null)
    .orderBy('sequence', 'desc')
    .limit(100)
    .offset(RUNS_KEPT - 1)
    .execute();
  for (const { run_id } of old)
    for (const table of ['lifecycle_run_repository', 'lifecycle_run'] as const)
      await db.deleteFrom(table).where('run_id', '=', run_id).execute();
}

/** A run of an instance. Throws ARTIFACT_LIFECYCLE_RUN_NOT_EXIST. */
export async function getRun(db: Database, instanceId: string, runId: string): Promise<LifecycleRun> {
  const run = await findRun(db, runId);
  if (run?.instanceId !== instanceId) throw lifecycleRunNotFound();
  return run;
}

/** A run, or undefined. */
export async function findRun(db: Database, runId: string): Promise<LifecycleRun | undefined> {
  const row = await db.selectFrom('lifecycle_run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  return row && fromRow(row);
}

/** The run of a rule that has not ended, dry or not; undefined if there is none. */
export async function findOpenRun(db: Database, ruleId: string, dryRun: boolean): Promise<LifecycleRun | undefined> {
  const row = await db
    .selectFrom('lifecycle_run')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('dry_run', '=', dryRun ? 1 : 0)
    .where('ended_ms', 'is', null)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Runs of an instance, or of one of its rules, latest first. */
export async function listRuns(
  db: Database,
  { instanceId, ruleId }: { instanceId: string; ruleId?: string | undefined },
  limit: number,
): Promise<LifecycleRun[]> {
  let query = db.selectFrom('lifecycle_run').selectAll().where('instance_id', '=', instanceId);
  if (ruleId !== undefined) query = query.where('rule_id', '=', ruleId);
  return (await query.orderBy('sequence', 'desc').limit(limit).execute()).map(fromRow);
}

/** What a run did, by repository name, after a given one. */
export async function listRunRepositories(
  db: Database,
  runId: string,
  page: { after?: string | undefined; limit: number },
): Promise<RunRepository[]> {
  let query = db.selectFrom('lifecycle_run_repository').selectAll().where('run_id', '=', runId);
  if (page.after !== undefined) query = query.where('repository', '>', page.after);
  const rows = await query.orderBy('repository').limit(page.limit).execute();
  return rows.map((row) => ({
    repoId: row.repo_id,
    repository: row.repository,
    removedTags: row.removed_tags,
    removedManifests: row.removed_manifests,
    tags: JSON.parse(row.tags) as string[],
    matchesNone: row.matches_none === 1,
  }));
}

/** Records that a run began, the first time only. */
export async function noteStarted(db: Database, runId: string, nowMs: number): Promise<void> {
  await db
    .updateTable('lifecycle_run')
    .set({ started_ms: nowMs })
    .where('run_id', '=', runId)
    .where('started_ms', 'is', null)
    .execute();
}

/** Adds to what a run removed from a repository, in the transaction that removes it. */
export async function noteRemovals(
  db: Database,
  runId: string,
  { repoId, namespaceName, name }: CoveredRepository,
  removed: { tags?: readonly string[]; manifests?: number },
): Promise<void> {
  const { tags = [], manifests = 0 } = removed;
  const key = { run_id: runId, repo_id: repoId, repository: `${namespaceName}/${name}` };
  const before = await db
    .selectFrom('lifecycle_run_repository')
    .selectAll()
    .where('run_id', '=', runId)
    .where('repo_id', '=', repoId)
    .executeTakeFirst();
  const names = [...(JSON.parse(before?.tags ?? '[]') as string[]), ...tags].slice(0, NAMES_LIMIT);
  const values = {
    removed_tags: (before?.removed_tags ?? 0) + tags.length,
    removed_manifests: (before?.removed_manifests ?? 0) + manifests,
    tags: JSON.stringify(names),
  };
  await db
    .insertInto('lifecycle_run_repository')
    .values({ ...key, ...values, matches_none: 0 })
    .onConflict((conflict) => conflict.columns(['run_id', 'repository', 'repo_id']).doUpdateSet(values))
    .execute();
  await db
    .updateTable('lifecycle_run')
    .set((eb) => ({
      removed_tags: eb('removed_tags', '+', tags.length),
      removed_manifests: eb('removed_manifests', '+', manifests),
    }))
    .where('run_id', '=', runId)
    .execute();
}

/**
 * Records, in the caller's transaction, that a run has finished a repository: after a restart the run continues with
 * the next one.
 */
export async function noteDone(
  db: Database,
  runId: string,
  { repoId, namespaceName, name }: CoveredRepository,
  { keptTags, matchesNone }: { keptTags: number; matchesNone: boolean },
): Promise<void> {
  const repository = `${namespaceName}/${name}`;
  if (matchesNone)
    await db
      .insertInto('lifecycle_run_repository')
      .values({
        run_id: runId,
        repo_id: repoId,
        repository,
        removed_tags: 0,
        removed_manifests: 0,
        tags: '[]',
        matches_none: 1,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await db
    .updateTable('lifecycle_run')
    .set((eb) => ({
      done_through: repository,
      repositories: eb('repositories', '+', 1),
      kept_tags: eb('kept_tags', '+', keptTags),
    }))
    .where('run_id', '=', runId)
    .execute();
}

/** Ends a run, in the caller's transaction. */
export async function endRun(
  db: Database,
  runId: string,
  { endedMs, failure }: { endedMs: number; failure: string | undefined },
): Promise<void> {
  await db
    .updateTable('lifecycle_run')
    .set({ ended_ms: endedMs, failure: failure ?? null })
    .where('run_id', '=', runId)
    .execute();
}

function fromRow(row: Selectable<LifecycleRunTable>): LifecycleRun {
  return {
    runId: row.run_id,
    instanceId: row.instance_id,
    ruleId: row.rule_id,
    rule: JSON.parse(row.rule) as LifecycleRuleWords,
    ruleModifiedMs: row.rule_modified_ms,
    requestedBy: row.requested_by ?? undefined,
    dryRun: row.dry_run === 1,
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    failure: row.failure ?? undefined,
    doneThrough: row.done_through ?? undefined,
    repositories: row.repositories,
    keptTags: row.kept_tags,
    removedTags: row.removed_tags,
    removedManifests: row.removed_manifests,
  };
}
