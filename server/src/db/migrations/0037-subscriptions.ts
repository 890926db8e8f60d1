import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Rules that mirror images of other registries, and their runs. */
export const subscriptions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('subscription_rule')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('rule_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('source_namespace_name', 'text')
      .addColumn('source_repo_name', 'text', (column) => column.notNull())
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('repo_name', 'text', (column) => column.notNull())
      .addColumn('tag_regexp', 'text', (column) => column.notNull())
      .addColumn('tag_count', 'integer', (column) => column.notNull())
      .addColumn('platforms', 'text', (column) => column.notNull())
      .addColumn('overrides', 'integer', (column) => column.notNull())
      .addColumn('accelerates', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addColumn('next_run_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('subscription_rule_due')
      .on('subscription_rule')
      .columns(['next_run_ms', 'sequence'])
      .execute();
    await db.schema
      .createTable('subscription_task')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('task_id', 'text', (column) => column.notNull().unique().references('job.job_id').onDelete('cascade'))
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('rule_id', 'text', (column) => column.notNull())
      .addColumn('task_type', 'text', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('asked_by', 'text', (column) => column.notNull())
      .addColumn('tag_total', 'integer', (column) => column.notNull())
      .addColumn('tags_chosen', 'integer', (column) => column.notNull())
      .addColumn('message', 'text')
      .execute();
    await db.schema
      .createIndex('subscription_task_of_instance')
      .on('subscription_task')
      .columns(['instance_id', 'sequence'])
      .execute();
    await db.schema
      .createTable('subscription_result')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('task_id', 'text', (column) =>
        column.notNull().references('subscription_task.task_id').onDelete('cascade'),
      )
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('result', 'text')
      .addColumn('message', 'text')
      .addColumn('started_ms', 'bigint', (column) => column.notNull())
      .addColumn('ended_ms', 'bigint')
      .addUniqueConstraint('subscription_result_tag', ['task_id', 'tag'])
      .execute();
  },
};
