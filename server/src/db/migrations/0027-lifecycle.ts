import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Rules about how long tags are kept, and their runs. */
export const lifecycle: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('lifecycle_rule')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('rule_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('namespace_name', 'text')
      .addColumn('repo_name', 'text')
      .addColumn('auto', 'integer', (column) => column.notNull())
      .addColumn('schedule', 'text')
      .addColumn('keep_count', 'integer')
      .addColumn('tag_pattern', 'text')
      .addColumn('deletes_tags', 'integer', (column) => column.notNull())
      .addColumn('deletes_untagged', 'integer', (column) => column.notNull())
      .addColumn('dry_run', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addColumn('counted_from_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('lifecycle_rule_list')
      .on('lifecycle_rule')
      .columns(['instance_id', 'sequence'])
      .execute();
    await addRuns(db);
  },
};

async function addRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('lifecycle_run')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('run_id', 'text', (column) => column.notNull().unique())
    .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('rule_modified_ms', 'bigint', (column) => column.notNull())
    .addColumn('requested_by', 'text')
    .addColumn('dry_run', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('started_ms', 'bigint')
    .addColumn('ended_ms', 'bigint')
    .addColumn('failure', 'text')
    .addColumn('done_through', 'text')
    .addColumn('repositories', 'integer', (column) => column.notNull())
    .addColumn('kept_tags', 'integer', (column) => column.notNull())
    .addColumn('removed_tags', 'integer', (column) => column.notNull())
    .addColumn('removed_manifests', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('lifecycle_run_list').on('lifecycle_run').columns(['instance_id', 'sequence']).execute();
  await db.schema.createIndex('lifecycle_run_of').on('lifecycle_run').columns(['rule_id', 'sequence']).execute();
  await db.schema
    .createTable('lifecycle_run_repository')
    .addColumn('run_id', 'text', (column) => column.notNull().references('lifecycle_run.run_id'))
    .addColumn('repo_id', 'text', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('removed_tags', 'integer', (column) => column.notNull())
    .addColumn('removed_manifests', 'integer', (column) => column.notNull())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('matches_none', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('lifecycle_run_repository_key', ['run_id', 'repository', 'repo_id'])
    .execute();
}
