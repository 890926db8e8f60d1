import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which repositories get accelerated images, and the conversions that were asked for. */
export const acceleration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('namespace')
      .addColumn('default_acceleration', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('acceleration_rule')
      .addColumn('rule_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('repo_id', 'text', (column) => column.notNull().unique().references('repository.repo_id'))
      .addColumn('priority_file', 'text')
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('acceleration_task')
      .addColumn('task_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('acceleration_task_by_time')
      .on('acceleration_task')
      .columns(['repo_id', 'created_ms', 'task_id'])
      .execute();
  },
};
