import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { engineOf, foldedCase } from '../engine.ts';

/**
 * What lists of builds are filtered by: what triggered a build, and its branch or Git tag.
 */
export const buildFilters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['trigger', 'branch'])
      await db.schema.alterTable('build_record').addColumn(column, 'text').execute();
    // Slipway began to use PostgreSQL later: such a database has no builds yet.
    if (engineOf(db) === 'sqlite') await fillFilters(db);
    await createListIndexes(db);
  },
};

async function fillFilters(db: Kysely<unknown>): Promise<void> {
  await sql`update build_record set
      "trigger" = case
        when requesters is null then null
        when requesters like '%"part":"record"%' then 'rebuild'
        when json_extract(source, '$.pullRequest') is not null then 'pull-request'
        when build_rule_id is null then 'call'
        when requesters like '%"part":"call"%' then 'rule'
        else 'push' end,
      branch = case
        when json_extract(source, '$.ref') like 'refs/heads/%' then substr(json_extract(source, '$.ref'), 12)
        when json_extract(source, '$.ref') like 'refs/tags/%' then substr(json_extract(source, '$.ref'), 11)
        when json_extract(source, '$.ref') = 'HEAD' then null
        -- A commit.
        when length(json_extract(source, '$.ref')) >= 40 and json_extract(source, '$.ref') not glob '*[^0-9a-f]*' then null
        else json_extract(source, '$.ref') end`.execute(db);
}

/**
 * A list is read in its order from an index that has everything it is filtered by, so that no filter, however rare its builds are,
 * reads the wide rows of others or sorts.
 */
async function createListIndexes(db: Kysely<unknown>): Promise<void> {
  const filters = sql`sequence, status, "trigger", branch, created_ms, ${foldedCase(sql`commit_author`)}, log_expired_ms`;
  await sql`create index build_record_list on build_record (instance_id, ${filters}, repo_id)`.execute(db);
  await sql`create index build_record_repo_list on build_record (repo_id, ${filters}, instance_id)`.execute(db);
  await db.schema.dropIndex('build_record_repo').execute();
  await db.schema.createIndex('build_record_commit').on('build_record').column('commit_id').execute();
  await db.schema
    .createIndex('build_record_time')
    .on('build_record')
    .columns(['instance_id', 'created_ms', 'repo_id', 'status', 'started_ms', 'ended_ms'])
    .execute();
}
