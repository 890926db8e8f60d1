import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where events are sent, what was sent there, and the triggers that send it. */
export const deliveries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('receiver')
      .addColumn('receiver_id', 'text', (column) => column.primaryKey())
      .addColumn('sealed_url', 'text', (column) => column.notNull())
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('sealed_secret', 'text')
      .addColumn('next_ms', 'bigint')
      .addColumn('failing_since_ms', 'bigint')
      .execute();
    await db.schema.createIndex('receiver_by_next').on('receiver').column('next_ms').execute();
    await db.schema
      .createTable('delivery')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('delivery_id', 'text', (column) => column.notNull().unique())
      .addColumn('receiver_id', 'text', (column) => column.notNull().references('receiver.receiver_id'))
      .addColumn('event_sequence', 'bigint', (column) => column.notNull())
      .addColumn('event_type', 'text', (column) => column.notNull())
      .addColumn('namespace_name', 'text', (column) => column.notNull())
      .addColumn('repo_name', 'text', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('tried_ms', 'bigint')
      .addColumn('status', 'integer')
      .addColumn('reply', 'text')
      .addColumn('failure', 'text')
      .addUniqueConstraint('delivery_once', ['receiver_id', 'event_sequence'])
      .execute();
    await db.schema
      .createIndex('delivery_by_state')
      .on('delivery')
      .columns(['receiver_id', 'state', 'sequence'])
      .execute();
    await db.schema
      .createTable('repo_trigger')
      .addColumn('trigger_id', 'text', (column) => column.primaryKey().references('receiver.receiver_id'))
      .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('repo_trigger_name', ['repo_id', 'name'])
      .execute();
  },
};
