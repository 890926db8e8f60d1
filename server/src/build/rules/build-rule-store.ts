import type { Selectable } from 'kysely';
import { parseRequester, requesterText } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { BuildRuleTable } from '#db/schema/schema.ts';
import { buildRuleNotFound } from '../errors.ts';
import type { BuildRule } from './build-rule.ts';

export async function insertBuildRule(db: Database, rule: BuildRule): Promise<void> {
  await db
    .insertInto('build_rule')
    .values({
      build_rule_id: rule.buildRuleId,
      instance_id: rule.instanceId,
      repo_id: rule.repoId,
      push_type: rule.pushType,
      push_name: rule.pushName,
      image_tag: rule.imageTag,
      dockerfile_location: rule.dockerfileLocation,
      dockerfile_name: rule.dockerfileName,
      build_args: JSON.stringify(rule.buildArgs),
      platforms: JSON.stringify(rule.platforms),
      created_ms: rule.createdMs,
      modified_ms: rule.modifiedMs,
      requester: requesterText(rule.requester),
    })
    .execute();
}

/** The rule with that id. Throws BUILD_RULE_NOT_EXIST, also for a rule of another repository. */
export async function getBuildRule(db: Database, repoId: string, buildRuleId: string): Promise<BuildRule> {
  const row = await db
    .selectFrom('build_rule')
    .selectAll()
    .where('build_rule_id', '=', buildRuleId)
    .where('repo_id', '=', repoId)
    .executeTakeFirst();
  if (!row) throw buildRuleNotFound();
  return fromRow(row);
}

/** A page of a repository's rules, in order of creation, and their total count. */
export async function listBuildRules(
  db: Database,
  repoId: string,
  page: PageRange,
): Promise<{ rules: BuildRule[]; total: number }> {
  const query = db.selectFrom('build_rule').where('repo_id', '=', repoId);
  const ordered = query.selectAll().orderBy('created_ms').orderBy('build_rule_id');
  const { rows, total } = await readPage(ordered, page);
  return { rules: rows.map(fromRow), total };
}

/** Updates a rule. Throws BUILD_RULE_NOT_EXIST if it was removed in the meantime. */
export async function updateBuildRule(db: Database, rule: BuildRule): Promise<void> {
  const result = await db
    .updateTable('build_rule')
    .set({
      push_type: rule.pushType,
      push_name: rule.pushName,
      image_tag: rule.imageTag,
      dockerfile_location: rule.dockerfileLocation,
      dockerfile_name: rule.dockerfileName,
      build_args: JSON.stringify(rule.buildArgs),
      platforms: JSON.stringify(rule.platforms),
      modified_ms: rule.modifiedMs,
      requester: requesterText(rule.requester),
    })
    .where('build_rule_id', '=', rule.buildRuleId)
    .where('repo_id', '=', rule.repoId)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw buildRuleNotFound();
}

/** Removes a rule. Throws BUILD_RULE_NOT_EXIST. */
export async function removeBuildRule(db: Database, repoId: string, buildRuleId: string): Promise<void> {
  const result = await db
    .deleteFrom('build_rule')
    .where('build_rule_id', '=', buildRuleId)
    .where('repo_id', '=', repoId)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw buildRuleNotFound();
}

/** Removes all rules of a repository. */
export async function removeBuildRulesOf(db: Database, repoId: string): Promise<void> {
  await db.deleteFrom('build_rule').where('repo_id', '=', repoId).execute();
}

/** All rules of a repository for one kind of push. */
export async function listRulesOfPush(
  db: Database,
  repoId: string,
  pushType: BuildRule['pushType'],
): Promise<BuildRule[]> {
  const rows = await db
    .selectFrom('build_rule')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('push_type', '=', pushType)
    .orderBy('created_ms')
    .orderBy('build_rule_id')
    .execute();
  return rows.map(fromRow);
}

function fromRow(row: Selectable<BuildRuleTable>): BuildRule {
  return {
    buildRuleId: row.build_rule_id,
    instanceId: row.instance_id,
    repoId: row.repo_id,
    pushType: row.push_type as BuildRule['pushType'],
    pushName: row.push_name,
    imageTag: row.image_tag,
    dockerfileLocation: row.dockerfile_location,
    dockerfileName: row.dockerfile_name,
    buildArgs: JSON.parse(row.build_args) as string[],
    platforms: JSON.parse(row.platforms) as string[],
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    requester: parseRequester(row.requester),
  };
}
