import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { SubscriptionRuleTable } from '#db/schema/subscription-schema.ts';
import { transaction } from '#db/transaction.ts';
import { subscriptionRuleNotFound, tooManySubscriptionRules } from './errors.ts';
import type { SubscriptionRule, SubscriptionWords } from './subscription.ts';

const RULES_LIMIT = 500;

/** Stores a rule, which is due at once. Throws ARTIFACT_SUBSCRIPTION_RULE_LIMIT_EXCEEDED. */
export async function insertSubscriptionRule(db: Database, rule: SubscriptionRule): Promise<void> {
  await transaction(db, async (trx) => {
    const rules = await countRows(trx.selectFrom('subscription_rule').where('instance_id', '=', rule.instanceId));
    if (rules >= RULES_LIMIT) throw tooManySubscriptionRules(RULES_LIMIT);
    await trx
      .insertInto('subscription_rule')
      .values({
        ...rowOf(rule),
        author: authorText(rule.author),
        rule_id: rule.ruleId,
        instance_id: rule.instanceId,
        created_ms: rule.createdMs,
        modified_ms: rule.modifiedMs,
        next_run_ms: rule.createdMs,
      })
      .execute();
  });
}

/** Throws ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST. */
export async function getSubscriptionRule(db: Database, instanceId: string, ruleId: string): Promise<SubscriptionRule> {
  const rule = await findSubscriptionRule(db, instanceId, ruleId);
  if (rule === undefined) throw subscriptionRuleNotFound();
  return rule;
}

/** Undefined also for a rule of another instance. */
export async function findSubscriptionRule(
  db: Database,
  instanceId: string,
  ruleId: string,
): Promise<SubscriptionRule | undefined> {
  const row = await db
    .selectFrom('subscription_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Changes a rule, which is then due at once. Throws ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST. */
export async function updateSubscriptionRule(
  db: Database,
  { instanceId, ruleId, author }: Pick<SubscriptionRule, 'instanceId' | 'ruleId' | 'author'>,
  words: SubscriptionWords,
  nowMs: number,
): Promise<void> {
  const updated = await db
    .updateTable('subscription_rule')
    .set({ ...rowOf(words), author: authorText(author), modified_ms: nowMs, next_run_ms: nowMs })
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) throw subscriptionRuleNotFound();
}

/** Removes a rule; a run in progress continues. Throws ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST. */
export async function removeSubscriptionRule(db: Database, instanceId: string, ruleId: string): Promise<void> {
  const removed = await db
    .deleteFrom('subscription_rule')
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (removed.numDeletedRows !== 1n) throw subscriptionRuleNotFound();
}

/** Rules in the order in which they were made. */
export async function listSubscriptionRules(
  db: Database,
  instanceId: string,
  page: PageRange,
): Promise<{ rules: SubscriptionRule[]; total: number }> {
  const query = db.selectFrom('subscription_rule').where('instance_id', '=', instanceId);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  return { rules: rows.map(fromRow), total };
}

/** At most `limit` rules that are due, longest due first. */
export async function listDueRules(db: Database, nowMs: number, limit: number): Promise<SubscriptionRule[]> {
  const rows = await db
    .selectFrom('subscription_rule')
    .selectAll()
    .where('next_run_ms', '<=', nowMs)
    .orderBy('next_run_ms')
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** Sets the next date of a rule that is due. False if another server already did, or if the rule was changed meanwhile. */
export async function takeDueRule(
  db: Database,
  { ruleId, modifiedMs }: SubscriptionRule,
  { nowMs, nextMs }: { nowMs: number; nextMs: number },
): Promise<boolean> {
  const updated = await db
    .updateTable('subscription_rule')
    .set({ next_run_ms: nextMs })
    .where('rule_id', '=', ruleId)
    .where('modified_ms', '=', modifiedMs)
    .where('next_run_ms', '<=', nowMs)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Removes the rules that mirror to a repository, which was deleted at a given time: a newer repository may have its name. */
export async function removeSubscriptionRulesOf(
  db: Database,
  { instanceId, namespaceName, name }: { instanceId: string; namespaceName: string; name: string },
  deletedMs: number,
): Promise<void> {
  await db
    .deleteFrom('subscription_rule')
    .where('instance_id', '=', instanceId)
    .where('namespace_name', '=', namespaceName)
    .where('repo_name', '=', name)
    .where('modified_ms', '<=', deletedMs)
    .execute();
}

function rowOf(words: SubscriptionWords) {
  return {
    provider: words.provider,
    source_namespace_name: words.sourceNamespaceName ?? null,
    source_repo_name: words.sourceRepoName,
    namespace_name: words.namespaceName,
    repo_name: words.repoName,
    tag_regexp: words.tagRegexp,
    tag_count: words.tagCount,
    platforms: JSON.stringify(words.platforms),
    overrides: words.overrides ? 1 : 0,
    accelerates: words.accelerates ? 1 : 0,
  };
}

function fromRow(row: Selectable<SubscriptionRuleTable>): SubscriptionRule {
  return {
    ruleId: row.rule_id,
    instanceId: row.instance_id,
    provider: row.provider,
    sourceNamespaceName: row.source_namespace_name ?? undefined,
    sourceRepoName: row.source_repo_name,
    namespaceName: row.namespace_name,
    repoName: row.repo_name,
    tagRegexp: row.tag_regexp,
    tagCount: row.tag_count,
    platforms: JSON.parse(row.platforms) as string[],
    overrides: row.overrides === 1,
    accelerates: row.accelerates === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    author: parseAuthor(row.author),
  };
}
