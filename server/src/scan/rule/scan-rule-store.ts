import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { ScanRuleTable } from '#db/schema/scan-schema.ts';
import { scanRuleExists, scanRuleNotFound, tooManyScanRules } from '../errors.ts';
import type { ScanType } from '../scan-type.ts';
import type { ScanRule, ScanRuleWords } from './scan-rule.ts';

/** Each push reads every rule. */
const RULES_LIMIT = 100;

/** Inserts a rule, in the caller's transaction. Throws SCAN_RULE_ALREADY_EXIST and SCAN_RULE_QUOTA_EXCEED. */
export async function insertScanRule(db: Database, rule: ScanRule): Promise<void> {
  const { ruleId, instanceId, scanType, createdMs, ...words } = rule;
  const count = await countRows(db.selectFrom('scan_rule').where('instance_id', '=', instanceId));
  await refuseName(db, rule);
  if (count >= RULES_LIMIT) throw tooManyScanRules(RULES_LIMIT);
  await db
    .insertInto('scan_rule')
    .values({
      rule_id: ruleId,
      instance_id: instanceId,
      scan_type: scanType,
      created_ms: createdMs,
      ...columnsOf(words),
    })
    .execute();
}

/**
 * Replaces the fields of a rule, in the caller's transaction. Throws SCAN_RULE_NOT_EXIST and SCAN_RULE_ALREADY_EXIST.
 */
export async function updateScanRule(
  db: Database,
  rule: ScanRuleWords & Pick<ScanRule, 'ruleId' | 'instanceId' | 'modifiedMs' | 'author'>,
): Promise<void> {
  const { ruleId, instanceId, ...words } = rule;
  await getScanRule(db, instanceId, ruleId);
  await refuseName(db, rule);
  await db.updateTable('scan_rule').set(columnsOf(words)).where('rule_id', '=', ruleId).execute();
}

/** A rule of an instance. Throws SCAN_RULE_NOT_EXIST. */
export async function getScanRule(db: Database, instanceId: string, ruleId: string): Promise<ScanRule> {
  const row = await db
    .selectFrom('scan_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (row === undefined) throw scanRuleNotFound();
  return fromRow(row);
}

/** Removes a rule. Throws SCAN_RULE_NOT_EXIST. */
export async function removeScanRule(db: Database, instanceId: string, ruleId: string): Promise<void> {
  const removed = await db
    .deleteFrom('scan_rule')
    .where('instance_id', '=', instanceId)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) throw scanRuleNotFound();
}

/** The rules of an instance for a type of scan, in the order of their creation, and their total count. */
export async function listScanRules(
  db: Database,
  filter: { instanceId: string; scanType: ScanType },
  page: PageRange,
): Promise<{ rules: ScanRule[]; total: number }> {
  const query = db
    .selectFrom('scan_rule')
    .where('instance_id', '=', filter.instanceId)
    .where('scan_type', '=', filter.scanType);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  return { rules: rows.map(fromRow), total };
}

/** The rules of an instance that begin scans when a tag is set. There are at most a hundred. */
export async function listAutoRules(db: Database, instanceId: string): Promise<ScanRule[]> {
  const rows = await db
    .selectFrom('scan_rule')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('trigger_type', '=', 'AUTO')
    .orderBy('sequence')
    .execute();
  return rows.map(fromRow);
}

/** Removes the rules that name only one repository, in the transaction that deletes it. */
export async function removeScanRulesOf(
  db: Database,
  { instanceId, namespaceName, name }: { instanceId: string; namespaceName: string; name: string },
): Promise<void> {
  await db
    .deleteFrom('scan_rule')
    .where('instance_id', '=', instanceId)
    .where('scope', '=', 'REPO')
    .where('namespaces', '=', JSON.stringify([namespaceName]))
    .where('repo_names', '=', JSON.stringify([name]))
    .execute();
}

async function refuseName(
  db: Database,
  { instanceId, ruleId, name }: { instanceId: string; ruleId: string; name: string },
): Promise<void> {
  const other = await db
    .selectFrom('scan_rule')
    .select('rule_id')
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .where('rule_id', '!=', ruleId)
    .executeTakeFirst();
  if (other !== undefined) throw scanRuleExists(name);
}

function columnsOf(words: ScanRuleWords & Pick<ScanRule, 'modifiedMs' | 'author'>) {
  const { name, scope, namespaces, repoNames, tagPattern, trigger, modifiedMs, author } = words;
  return {
    name,
    scope,
    namespaces: JSON.stringify(namespaces),
    repo_names: JSON.stringify(repoNames),
    tag_pattern: tagPattern,
    trigger_type: trigger,
    modified_ms: modifiedMs,
    author: authorText(author),
  };
}

function fromRow(row: Selectable<ScanRuleTable>): ScanRule {
  return {
    ruleId: row.rule_id,
    instanceId: row.instance_id,
    name: row.name,
    scope: row.scope as ScanRule['scope'],
    namespaces: JSON.parse(row.namespaces),
    repoNames: JSON.parse(row.repo_names),
    tagPattern: row.tag_pattern,
    trigger: row.trigger_type as ScanRule['trigger'],
    scanType: row.scan_type as ScanType,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    author: parseAuthor(row.author),
  };
}
