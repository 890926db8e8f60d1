import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { LifecycleRuleTable } from '#db/schema/lifecycle-schema.ts';
import { lifecycleRuleNotFound, tooManyLifecycleRules } from './errors.ts';
import type { LifecycleRule, LifecycleRuleWords, Scope } from './lifecycle-rule.ts';
import type { Schedule } from './schedule.ts';

/** Each run reads every rule of its repositories. */
const RULES_LIMIT = 100;

/**
 * Inserts a rule, in the caller's transaction. Throws ARTIFACT_LIFECYCLE_RULE_QUOTA_EXCEED, also for concurrent
 * inserts.
 */
export async function insertLifecycleRule(db: Database, rule: LifecycleRule): Promise<void> {
  const { ruleId: rule_id, instanceId: instance_id, createdMs: created_ms } = rule;
  await db
    .insertInto('lifecycle_rule')
    .values({ rule_id, instance_id, created_ms, ...columnsOf(rule) })
    .execute();
  const count = await countRows(db.selectFrom('lifecycle_rule').where('instance_id', '=', instance_id));
  if (count > RULES_LIMIT) throw tooManyLifecycleRules(RULES_LIMIT);
}

/** A rule of an instance, or undefined. */
export async function findLifecycleRule(
  db: Database,
  instanceId: string,
  ruleId: string,
): Promise<LifecycleRule | undefined> {
  const row = await db
    .selectFrom('lifecycle_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** A rule of an instance. Throws ARTIFACT_LIFECYCLE_RULE_NOT_EXIST. */
export async function getLifecycleRule(db: Database, instanceId: string, ruleId: string): Promise<LifecycleRule> {
  const rule = await findLifecycleRule(db, instanceId, ruleId);
  if (rule === undefined) throw lifecycleRuleNotFound();
  return rule;
}

/** Replaces the fields of a rule: it runs at the first date after the change. */
export async function replaceLifecycleRule(db: Database, rule: Omit<LifecycleRule, 'createdMs'>): Promise<void> {
  await db.updateTable('lifecycle_rule').set(columnsOf(rule)).where('rule_id', '=', rule.ruleId).execute();
}

/** Removes a rule; the record of its runs stays. Throws ARTIFACT_LIFECYCLE_RULE_NOT_EXIST. */
export async function removeLifecycleRule(db: Database, instanceId: string, ruleId: string): Promise<void> {
  const removed = await db
    .deleteFrom('lifecycle_rule')
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) throw lifecycleRuleNotFound();
}

/**
 * Removes the rules that name a repository, or a namespace and what is in it: they are not rules of a later owner of
 * the name.
 */
export async function removeLifecycleRulesOf(
  db: Database,
  place: { instanceId: string; namespaceName: string; name?: string },
): Promise<void> {
  let query = db
    .deleteFrom('lifecycle_rule')
    .where('instance_id', '=', place.instanceId)
    .where('namespace_name', '=', place.namespaceName);
  if (place.name !== undefined) query = query.where('repo_name', '=', place.name);
  await query.execute();
}

/** A page of the rules of an instance, in the order of their creation, and their total count. */
export async function listLifecycleRules(
  db: Database,
  filter: { instanceId: string; deletesTags?: boolean | undefined; deletesUntagged?: boolean | undefined },
  page: PageRange,
): Promise<{ rules: LifecycleRule[]; total: number }> {
  let query = db.selectFrom('lifecycle_rule').where('instance_id', '=', filter.instanceId);
  if (filter.deletesTags !== undefined) query = query.where('deletes_tags', '=', filter.deletesTags ? 1 : 0);
  if (filter.deletesUntagged !== undefined)
    query = query.where('deletes_untagged', '=', filter.deletesUntagged ? 1 : 0);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  return { rules: rows.map(fromRow), total };
}

/** The rules of an instance whose runs remove tags. There are at most a hundred. */
export async function listTagRules(db: Database, instanceId: string): Promise<LifecycleRule[]> {
  const page = { offset: 0, limit: RULES_LIMIT };
  return (await listLifecycleRules(db, { instanceId, deletesTags: true }, page)).rules;
}

/** The rules of every instance that run by schedule. */
export async function listScheduledRules(db: Database): Promise<LifecycleRule[]> {
  const rows = await db
    .selectFrom('lifecycle_rule')
    .selectAll()
    .where('auto', '=', 1)
    .where('schedule', 'is not', null)
    .where(({ or, eb }) => or([eb('deletes_tags', '=', 1), eb('deletes_untagged', '=', 1)]))
    .execute();
  return rows.map(fromRow);
}

/**
 * Claims a date of a rule's schedule, in the caller's transaction: of all servers that see the date pass, one gets
 * true. None does if the rule was changed meanwhile.
 */
export async function takeDate(db: Database, rule: LifecycleRule, nowMs: number): Promise<boolean> {
  const updated = await db
    .updateTable('lifecycle_rule')
    .set({ counted_from_ms: nowMs })
    .where('rule_id', '=', rule.ruleId)
    .where('counted_from_ms', '=', rule.countedFromMs)
    .where('modified_ms', '=', rule.modifiedMs)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

function columnsOf(rule: LifecycleRuleWords & Pick<LifecycleRule, 'modifiedMs' | 'countedFromMs' | 'author'>) {
  return {
    scope: rule.scope,
    namespace_name: rule.namespaceName ?? null,
    repo_name: rule.repoName ?? null,
    auto: rule.auto ? 1 : 0,
    schedule: rule.schedule ?? null,
    keep_count: rule.keepCount ?? null,
    tag_pattern: rule.tagPattern ?? null,
    deletes_tags: rule.deletesTags ? 1 : 0,
    deletes_untagged: rule.deletesUntagged ? 1 : 0,
    dry_run: rule.dryRun ? 1 : 0,
    modified_ms: rule.modifiedMs,
    counted_from_ms: rule.countedFromMs,
    author: authorText(rule.author),
  };
}

function fromRow(row: Selectable<LifecycleRuleTable>): LifecycleRule {
  return {
    ruleId: row.rule_id,
    instanceId: row.instance_id,
    scope: row.scope as Scope,
    namespaceName: row.namespace_name ?? undefined,
    repoName: row.repo_name ?? undefined,
    auto: row.auto === 1,
    schedule: (row.schedule as Schedule | null) ?? undefined,
    keepCount: row.keep_count ?? undefined,
    tagPattern: row.tag_pattern ?? undefined,
    deletesTags: row.deletes_tags === 1,
    deletesUntagged: row.deletes_untagged === 1,
    dryRun: row.dry_run === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    countedFromMs: row.counted_from_ms,
    author: parseAuthor(row.author),
  };
}
