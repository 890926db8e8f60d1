import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which push to a branch or tag is the newest. */
export const pushOrder: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('push_order')
      .addColumn('hook_id', 'text', (column) => column.notNull())
      .addColumn('ref', 'text', (column) => column.notNull())
      .addColumn('known', 'text', (column) => column.notNull())
      .addColumn('received_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('push_order_key', ['hook_id', 'ref'])
      .execute();
  },
};
