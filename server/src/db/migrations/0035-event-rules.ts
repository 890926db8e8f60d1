import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The rules of the event center; deliveries get a type of their bodies. */
export const eventRules: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('event_rule')
      .addColumn('rule_id', 'text', (column) => column.primaryKey().references('receiver.receiver_id'))
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('event_type', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('namespaces', 'text', (column) => column.notNull())
      .addColumn('repo_names', 'text', (column) => column.notNull())
      .addColumn('tag_pattern', 'text', (column) => column.notNull())
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('event_rule_name', ['instance_id', 'name'])
      .execute();
    await db.schema
      .alterTable('delivery')
      .addColumn('content_type', 'text', (column) => column.notNull().defaultTo('application/json'))
      .execute();
  },
};
