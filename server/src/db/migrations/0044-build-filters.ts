import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What lists of builds are filtered by: what triggered a build, its branch or Git tag, and a full-text index of trigrams,
 * which finds any part of a text. Triggers of the database keep the index up to date.
 */
export const buildFilters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['trigger', 'branch'])
      await db.schema.alterTable('build_record').addColumn(column, 'text').execute();
    await sql`update build_record set
      "trigger" = case
        when requesters is null then null
        when json_extract(source, '$.pullRequest') is not null then 'pull-request'
        when requesters like '%"part":"record"%' then 'rebuild'
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
    await createListIndexes(db);
    await createTextIndex(db);
  },
};

/**
 * A list is read in its order from an index that has everything it is filtered by, so that no filter, however rare its builds are,
 * reads the wide rows of others or sorts.
 */
async function createListIndexes(db: Kysely<unknown>): Promise<void> {
  const filters = 'sequence, status, "trigger", branch, created_ms, commit_author collate nocase';
  await sql.raw(`create index build_record_list on build_record (instance_id, ${filters}, repo_id)`).execute(db);
  await sql.raw(`create index build_record_repo_list on build_record (repo_id, ${filters}, instance_id)`).execute(db);
  await db.schema.dropIndex('build_record_repo').execute();
  await db.schema.createIndex('build_record_commit').on('build_record').column('commit_id').execute();
  await db.schema
    .createIndex('build_record_time')
    .on('build_record')
    .columns(['instance_id', 'created_ms', 'repo_id', 'status', 'started_ms', 'ended_ms'])
    .execute();
}

async function createTextIndex(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  const textOf = (build: string) => `r.namespace_name || '/' || r.name || ':' || ${build}.image_tag
    || char(10) || coalesce(${build}.branch, '') || char(10) || coalesce(${build}.commit_author, '')
    || char(10) || coalesce(${build}.commit_message, '')`;
  await run(`create virtual table build_text
    using fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram')`);
  await run(`insert into build_text (rowid, text)
    select b.sequence, ${textOf('b')} from build_record as b join repository as r on r.repo_id = b.repo_id`);
  const ofNew = `select new.sequence, ${textOf('new')} from repository as r where r.repo_id = new.repo_id`;
  await run(`create trigger build_text_insert after insert on build_record
    begin insert into build_text (rowid, text) ${ofNew}; end`);
  await run(`create trigger build_text_update after update of commit_author, commit_message on build_record
    begin insert or replace into build_text (rowid, text) ${ofNew}; end`);
}
