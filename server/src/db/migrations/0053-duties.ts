import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which node does the periodic work of all that have this database. */
export const duties: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('duty')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('node_id', 'text', (column) => column.notNull())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
