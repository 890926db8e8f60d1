import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Rules that copy images to other repositories and registries, and the copies that were asked for. */
export const sync: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('sync_rule')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('rule_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('sync_trigger', 'text', (column) => column.notNull())
      .addColumn('namespace_name', 'text')
      .addColumn('namespace_filter', 'text')
      .addColumn('repo_name', 'text')
      .addColumn('repo_filter', 'text')
      .addColumn('tag_filter', 'text', (column) => column.notNull())
      .addColumn('target_instance_id', 'text', (column) => column.notNull())
      .addColumn('target_region_id', 'text', (column) => column.notNull())
      .addColumn('target_namespace_name', 'text')
      .addColumn('target_repo_name', 'text')
      .addColumn('cross_user', 'integer', (column) => column.notNull())
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('sync_rule_name', ['instance_id', 'name'])
      .execute();
    await db.schema
      .createTable('sync_task')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('task_id', 'text', (column) => column.notNull().unique().references('job.job_id').onDelete('cascade'))
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('batch_id', 'text', (column) => column.notNull())
      .addColumn('rule_id', 'text')
      .addColumn('task_trigger', 'text', (column) => column.notNull())
      .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('repo_name', 'text', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('target_instance_id', 'text', (column) => column.notNull())
      .addColumn('target_region_id', 'text', (column) => column.notNull())
      .addColumn('target_namespace_name', 'text', (column) => column.notNull())
      .addColumn('target_repo_name', 'text', (column) => column.notNull())
      .addColumn('target_tag', 'text', (column) => column.notNull())
      .addColumn('cross_user', 'integer', (column) => column.notNull())
      .addColumn('overrides', 'integer', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('asked_by', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('sync_task_by_batch').on('sync_task').columns(['batch_id']).execute();
    await db.schema
      .createIndex('sync_task_by_repository')
      .on('sync_task')
      .columns(['instance_id', 'namespace_name', 'repo_name', 'sequence'])
      .execute();
    await db.schema
      .createTable('sync_layer')
      .addColumn('layer_task_id', 'text', (column) => column.primaryKey())
      .addColumn('task_id', 'text', (column) => column.notNull().references('sync_task.task_id').onDelete('cascade'))
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('size_bytes', 'bigint', (column) => column.notNull())
      .addColumn('synced_bytes', 'bigint', (column) => column.notNull())
      .addColumn('is_there', 'integer', (column) => column.notNull())
      .addUniqueConstraint('sync_layer_digest', ['task_id', 'digest'])
      .execute();
  },
};
