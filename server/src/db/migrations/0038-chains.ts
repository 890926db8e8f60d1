import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Delivery chains, and images that replication copies only while their tag points to them. */
export const chains: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('chain')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('chain_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text')
      .addColumn('scope_type', 'text', (column) => column.notNull())
      .addColumn('scope_id', 'text', (column) => column.notNull().unique())
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('repo_name', 'text')
      .addColumn('scope_exclude', 'text', (column) => column.notNull())
      .addColumn('config_id', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('chain_name', ['instance_id', 'name'])
      .execute();
    await db.schema
      .createTable('chain_version')
      .addColumn('config_id', 'text', (column) => column.primaryKey())
      .addColumn('chain_id', 'text', (column) => column.notNull())
      .addColumn('instance_id', 'text', (column) => column.notNull())
      .addColumn('scope_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('scope_exclude', 'text', (column) => column.notNull())
      .addColumn('config', 'text', (column) => column.notNull())
      .addColumn('after_sequence', 'integer', (column) => column.notNull())
      .addColumn('until_sequence', 'integer')
      .execute();
    await db.schema.createIndex('chain_version_by_scope').on('chain_version').columns(['scope_id']).execute();
    await db.schema
      .createTable('chain_instance')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('chain_instance_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull())
      .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
      .addColumn('config_id', 'text', (column) => column.notNull().references('chain_version.config_id'))
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('event_sequence', 'integer', (column) => column.notNull())
      .addColumn('event_ms', 'bigint', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('result', 'text')
      .addColumn('reason', 'text')
      .addColumn('node', 'text')
      .addColumn('scan_id', 'text')
      .addColumn('scan_attempt', 'integer', (column) => column.notNull())
      .addColumn('started_ms', 'bigint', (column) => column.notNull())
      .addColumn('ended_ms', 'bigint')
      .execute();
    for (const [name, columns] of [
      ['chain_instance_by_instance', ['instance_id', 'sequence']],
      ['chain_instance_by_repository', ['repo_id', 'sequence']],
      ['chain_instance_by_config', ['config_id']],
      ['chain_instance_by_scan', ['scan_id']],
    ] as const)
      await db.schema
        .createIndex(name)
        .on('chain_instance')
        .columns([...columns])
        .execute();
    await db.schema.alterTable('sync_task').addColumn('digest', 'text').execute();
  },
};
