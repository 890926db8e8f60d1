import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Helm charts: namespaces, repositories and releases of their own, separate from those of images, and their own links
 * to networks.
 */
export const charts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('chart_namespace')
      .addColumn('namespace_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('auto_create_repo', 'integer', (column) => column.notNull())
      .addColumn('default_repo_type', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('chart_namespace_unique', ['instance_id', 'name'])
      .execute();
    await db.schema
      .createTable('chart_repository')
      .addColumn('repo_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('chart_repository_unique', ['instance_id', 'namespace_name', 'name'])
      .execute();
    await db.schema
      .createTable('chart_release')
      .addColumn('repo_id', 'text', (column) => column.notNull().references('chart_repository.repo_id'))
      .addColumn('file_name', 'text', (column) => column.notNull())
      .addColumn('chart', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('size_bytes', 'bigint', (column) => column.notNull())
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('provenance', 'text')
      .addColumn('object_key', 'text', (column) => column.notNull())
      .addColumn('pushed_by', 'text', (column) => column.notNull())
      .addColumn('pushed_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('chart_release_key', ['repo_id', 'file_name'])
      .execute();
    await db.schema
      .createIndex('chart_release_by_time')
      .on('chart_release')
      .columns(['repo_id', 'pushed_ms', 'file_name'])
      .execute();
    await linkByModule(db);
  },
};

/** Existing links of an instance were for its registry. */
async function linkByModule(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('linked_network').renameTo('linked_network_before').execute();
  await db.schema
    .createTable('linked_network')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
    .addColumn('module_name', 'text', (column) => column.notNull())
    .addColumn('vpc_id', 'text', (column) => column.notNull())
    .addColumn('vswitch_id', 'text', (column) => column.notNull())
    .addColumn('wants_dns', 'integer', (column) => column.notNull())
    .addUniqueConstraint('linked_network_of_module', ['instance_id', 'module_name', 'vpc_id', 'vswitch_id'])
    .execute();
  await sql`insert into linked_network (sequence, instance_id, module_name, vpc_id, vswitch_id, wants_dns)
    select sequence, instance_id, 'Registry', vpc_id, vswitch_id, wants_dns from linked_network_before`.execute(db);
  await db.schema.dropTable('linked_network_before').execute();
}
