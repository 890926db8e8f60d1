import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The tables of version 0.1: instance, namespace, repository, source, rule and build record. */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('instance')
      .addColumn('instance_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('region_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('namespace')
      .addColumn('namespace_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('auto_create_repo', 'integer', (column) => column.notNull())
      .addColumn('default_repo_type', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('namespace_name_unique', ['instance_id', 'name'])
      .execute();
    await db.schema
      .createTable('repository')
      .addColumn('repo_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('tag_immutability', 'integer', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('repository_name_unique', ['instance_id', 'namespace_name', 'name'])
      .addForeignKeyConstraint('repository_namespace', ['instance_id', 'namespace_name'], 'namespace', [
        'instance_id',
        'name',
      ])
      .execute();
    await db.schema
      .createTable('source_binding')
      .addColumn('repo_id', 'text', (column) => column.primaryKey().references('repository.repo_id'))
      .addColumn('instance_id', 'text', (column) => column.notNull())
      .addColumn('code_repo_type', 'text', (column) => column.notNull())
      .addColumn('code_repo_namespace_name', 'text', (column) => column.notNull())
      .addColumn('code_repo_name', 'text', (column) => column.notNull())
      .addColumn('auto_build', 'integer', (column) => column.notNull())
      .addColumn('oversea_build', 'integer', (column) => column.notNull())
      .addColumn('disable_cache_build', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('source_archive')
      .addColumn('archive_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('size_bytes', 'bigint', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .execute();
    await createBuildTables(db);
  },
};

async function createBuildTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('build_rule')
    .addColumn('build_rule_id', 'text', (column) => column.primaryKey())
    .addColumn('instance_id', 'text', (column) => column.notNull())
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('push_type', 'text', (column) => column.notNull())
    .addColumn('push_name', 'text', (column) => column.notNull())
    .addColumn('image_tag', 'text', (column) => column.notNull())
    .addColumn('dockerfile_location', 'text', (column) => column.notNull())
    .addColumn('dockerfile_name', 'text', (column) => column.notNull())
    .addColumn('build_args', 'text', (column) => column.notNull())
    .addColumn('platforms', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('build_rule_repo').on('build_rule').columns(['repo_id', 'created_ms']).execute();
  await db.schema
    .createTable('build_record')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('build_record_id', 'text', (column) => column.notNull().unique())
    .addColumn('instance_id', 'text', (column) => column.notNull())
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('image_tag', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('dockerfile', 'text', (column) => column.notNull())
    .addColumn('build_args', 'text', (column) => column.notNull())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('use_cache', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('started_ms', 'bigint')
    .addColumn('ended_ms', 'bigint')
    .addColumn('failure', 'text')
    .addColumn('image_digest', 'text')
    .addColumn('commit_id', 'text')
    .addColumn('cancel_requested', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_owner', 'text')
    .addColumn('lease_epoch', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_until_ms', 'bigint')
    .execute();
  await db.schema.createIndex('build_record_repo').on('build_record').columns(['repo_id', 'sequence']).execute();
  await db.schema.createIndex('build_record_status').on('build_record').columns(['status', 'sequence']).execute();
}
