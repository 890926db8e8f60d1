import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { SyncRuleTable } from '#db/schema/sync-schema.ts';
import { transaction } from '#db/transaction.ts';
import { syncRuleExists, syncRuleNotFound, tooManySyncRules } from './errors.ts';
import type { SyncRule, SyncScope, SyncTrigger } from './sync.ts';

const RULES_LIMIT = 500;

/** Throws SYNC_RULE_ALREADY_EXIST and SYNC_RULE_LIMIT_EXCEEDED. */
export async function insertSyncRule(db: Database, rule: SyncRule): Promise<void> {
  await transaction(db, async (trx) => {
    const rules = await countRows(trx.selectFrom('sync_rule').where('instance_id', '=', rule.instanceId));
    if (rules >= RULES_LIMIT) throw tooManySyncRules(RULES_LIMIT);
    const inserted = await trx
      .insertInto('sync_rule')
      .values(rowOf(rule))
      .onConflict((conflict) => conflict.columns(['instance_id', 'name']).doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw syncRuleExists(rule.name);
  });
}

/** Throws SYNC_RULE_NOT_EXIST. */
export async function getSyncRule(db: Database, instanceId: string, ruleId: string): Promise<SyncRule> {
  const rule = await findSyncRule(db, instanceId, ruleId);
  if (rule === undefined) throw syncRuleNotFound();
  return rule;
}

export async function findSyncRule(db: Database, instanceId: string, ruleId: string): Promise<SyncRule | undefined> {
  const row = await db
    .selectFrom('sync_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Removes a rule; tasks that it began continue. Throws SYNC_RULE_NOT_EXIST. */
export async function removeSyncRule(db: Database, instanceId: string, ruleId: string): Promise<void> {
  const removed = await db
    .deleteFrom('sync_rule')
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (removed.numDeletedRows !== 1n) throw syncRuleNotFound();
}

/** Filters for a list of rules. */
export interface SyncRuleFilter {
  instanceId: string;
  namespaceName?: string | undefined;
  repoName?: string | undefined;
  targetInstanceId?: string | undefined;
  targetRegionId?: string | undefined;
}

/** Rules in the order in which they were made. */
export async function listSyncRules(
  db: Database,
  filter: SyncRuleFilter,
  page: PageRange,
): Promise<{ rules: SyncRule[]; total: number }> {
  let query = db.selectFrom('sync_rule').where('instance_id', '=', filter.instanceId);
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.repoName !== undefined) query = query.where('repo_name', '=', filter.repoName);
  if (filter.targetInstanceId !== undefined) query = query.where('target_instance_id', '=', filter.targetInstanceId);
  if (filter.targetRegionId !== undefined) query = query.where('target_region_id', '=', filter.targetRegionId);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  return { rules: rows.map(fromRow), total };
}

/** The rules of a trigger type that may cover a repository; their filters are not checked. */
export async function listRulesFor(
  db: Database,
  repository: { instanceId: string; namespaceName: string; name: string },
  trigger: SyncTrigger,
): Promise<SyncRule[]> {
  const rows = await db
    .selectFrom('sync_rule')
    .selectAll()
    .where('instance_id', '=', repository.instanceId)
    .where('sync_trigger', '=', trigger)
    .where((eb) => eb.or([eb('namespace_name', 'is', null), eb('namespace_name', '=', repository.namespaceName)]))
    .where((eb) => eb.or([eb('repo_name', 'is', null), eb('repo_name', '=', repository.name)]))
    .orderBy('sequence')
    .execute();
  return rows.map(fromRow);
}

/** Removes the rules that copy only this repository, which was deleted at a given time: a newer repository may have its name. */
export async function removeSyncRulesOf(
  db: Database,
  { instanceId, namespaceName, name }: { instanceId: string; namespaceName: string; name: string },
  deletedMs: number,
): Promise<void> {
  await db
    .deleteFrom('sync_rule')
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName)
    .where('repo_name', '=', name)
    .where('created_ms', '<=', deletedMs)
    .execute();
}

function rowOf(rule: SyncRule): Omit<SyncRuleTable, 'sequence'> {
  return {
    rule_id: rule.ruleId,
    instance_id: rule.instanceId,
    name: rule.name,
    scope: rule.scope,
    sync_trigger: rule.trigger,
    namespace_name: rule.namespaceName ?? null,
    namespace_filter: rule.namespaceFilter ?? null,
    repo_name: rule.repoName ?? null,
    repo_filter: rule.repoFilter ?? null,
    tag_filter: rule.tagFilter,
    target_instance_id: rule.targetInstanceId,
    target_region_id: rule.targetRegionId,
    target_namespace_name: rule.targetNamespaceName ?? null,
    target_repo_name: rule.targetRepoName ?? null,
    cross_user: rule.crossUser ? 1 : 0,
    priority: rule.priority,
    created_ms: rule.createdMs,
    author: authorText(rule.author),
  };
}

function fromRow(row: Omit<SyncRuleTable, 'sequence'>): SyncRule {
  return {
    ruleId: row.rule_id,
    instanceId: row.instance_id,
    name: row.name,
    scope: row.scope as SyncScope,
    trigger: row.sync_trigger as SyncTrigger,
    namespaceName: row.namespace_name ?? undefined,
    namespaceFilter: row.namespace_filter ?? undefined,
    repoName: row.repo_name ?? undefined,
    repoFilter: row.repo_filter ?? undefined,
    tagFilter: row.tag_filter,
    targetInstanceId: row.target_instance_id,
    targetRegionId: row.target_region_id,
    targetNamespaceName: row.target_namespace_name ?? undefined,
    targetRepoName: row.target_repo_name ?? undefined,
    crossUser: row.cross_user === 1,
    priority: row.priority,
    createdMs: row.created_ms,
    author: parseAuthor(row.author),
  };
}
