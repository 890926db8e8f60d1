import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Wrong passwords by address, and by address and name, for all servers with this database. */
export const signInAttempts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('sign_in_attempt')
      .addColumn('source', 'text', (column) => column.primaryKey())
      .addColumn('failures', 'bigint', (column) => column.notNull())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('sign_in_attempt_by_end').on('sign_in_attempt').column('until_ms').execute();
  },
};
