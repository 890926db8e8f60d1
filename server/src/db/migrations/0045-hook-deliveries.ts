import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What code hosts sent to hooks, and what came of it. */
export const hookDeliveries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('hook_delivery')
      .addColumn('delivery_id', 'text', (column) => column.primaryKey())
      .addColumn('repo_id', 'text', (column) => column.notNull())
      .addColumn('received_ms', 'bigint', (column) => column.notNull())
      .addColumn('result', 'text', (column) => column.notNull())
      .addColumn('event', 'text')
      .addColumn('builds', 'text', (column) => column.notNull())
      .addColumn('notes', 'text', (column) => column.notNull())
      .addColumn('redelivered_by', 'text')
      .execute();
    await db.schema
      .createIndex('hook_delivery_by_time')
      .on('hook_delivery')
      .columns(['repo_id', 'received_ms'])
      .execute();
  },
};
