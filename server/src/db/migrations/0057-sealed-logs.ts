import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which sealed logs are in a store elsewhere, and what it calls them. */
export const sealedLogs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('sealed_log')
      .addColumn('log_id', 'text', (column) => column.primaryKey())
      .addColumn('ref', 'text', (column) => column.notNull().unique())
      .execute();
  },
};
