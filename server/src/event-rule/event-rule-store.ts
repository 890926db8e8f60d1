import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import type { EventRuleTable } from '#db/schema/delivery-schema.ts';
import { transaction } from '#db/transaction.ts';
import { insertReceiver, moveReceiver, type ReceiverMeans, removeReceivers } from '#delivery/receiver-store.ts';
import { eventRuleExists, eventRuleNotFound, tooManyEventRules } from './errors.ts';
import { EVENT_RULES_LIMIT, type EventRule, type EventType, type NotifyMethod } from './event-rule.ts';

/** Inserts a rule with its receiver. Throws EVENT_CENTER_RULE_ALREADY_EXIST and EVENT_CENTER_RULE_LIMIT_EXCEEDED. */
export async function insertEventRule({ db, secrets }: ReceiverMeans, rule: EventRule, url: string): Promise<void> {
  await transaction(db, async (trx) => {
    const others = await listEventRules(trx, rule.instanceId);
    if (others.some(({ name }) => name === rule.name)) throw eventRuleExists(rule.name);
    if (others.length >= EVENT_RULES_LIMIT) throw tooManyEventRules(EVENT_RULES_LIMIT);
    await insertReceiver({ db: trx, secrets }, { receiverId: rule.ruleId, url, secret: undefined });
    await trx
      .insertInto('event_rule')
      .values({ rule_id: rule.ruleId, instance_id: rule.instanceId, created_ms: rule.createdMs, ...changeable(rule) })
      .execute();
  });
}

/** Changes a rule to what `change` returns. Throws EVENT_CENTER_RULE_NOT_EXIST and EVENT_CENTER_RULE_ALREADY_EXIST. */
export async function changeEventRule(
  { db, secrets }: ReceiverMeans,
  key: { instanceId: string; ruleId: string },
  change: (rule: EventRule) => { rule: EventRule; url: string | undefined },
): Promise<void> {
  await transaction(db, async (trx) => {
    const rules = await listEventRules(trx, key.instanceId);
    const found = rules.find(({ ruleId }) => ruleId === key.ruleId);
    if (found === undefined) throw eventRuleNotFound();
    const { rule, url } = change(found);
    if (rules.some((other) => other !== found && other.name === rule.name)) throw eventRuleExists(rule.name);
    await trx.updateTable('event_rule').set(changeable(rule)).where('rule_id', '=', key.ruleId).execute();
    if (url !== undefined) await moveReceiver({ db: trx, secrets }, key.ruleId, url, rule.modifiedMs);
  });
}

/** The rules of an instance, in the order of their creation. */
export async function listEventRules(db: Database, instanceId: string): Promise<EventRule[]> {
  const rows = await db
    .selectFrom('event_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('created_ms')
    .orderBy('rule_id')
    .execute();
  return rows.map(fromRow);
}

/** Removes a rule with what it sent and what waits. Throws EVENT_CENTER_RULE_NOT_EXIST. */
export async function removeEventRule(db: Database, instanceId: string, ruleId: string): Promise<void> {
  await transaction(db, async (trx) => {
    const removed = await trx
      .deleteFrom('event_rule')
      .where('instance_id', '=', instanceId)
      .where('rule_id', '=', ruleId)
      .executeTakeFirst();
    if (removed.numDeletedRows !== 1n) throw eventRuleNotFound();
    await removeReceivers(trx, [ruleId]);
  });
}

function changeable(rule: EventRule) {
  return {
    name: rule.name,
    event_type: rule.eventType,
    scope: rule.scope,
    namespaces: JSON.stringify(rule.namespaces),
    repo_names: JSON.stringify(rule.repoNames),
    tag_pattern: rule.tagPattern,
    method: rule.method,
    modified_ms: rule.modifiedMs,
    author: authorText(rule.author),
  };
}

function fromRow(row: Selectable<EventRuleTable>): EventRule {
  return {
    ruleId: row.rule_id,
    instanceId: row.instance_id,
    name: row.name,
    eventType: row.event_type as EventType,
    scope: row.scope as EventRule['scope'],
    namespaces: JSON.parse(row.namespaces),
    repoNames: JSON.parse(row.repo_names),
    tagPattern: row.tag_pattern,
    method: row.method as NotifyMethod,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    author: parseAuthor(row.author),
  };
}
