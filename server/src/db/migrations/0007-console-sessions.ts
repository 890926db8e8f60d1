import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Temporary keys of the console, which act for the key that opened them. */
export const consoleSessions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('console_session')
      .addColumn('access_key_id', 'text', (column) => column.primaryKey())
      .addColumn('opened_by', 'text', (column) => column.notNull())
      .addColumn('sealed_secret', 'text', (column) => column.notNull())
      .addColumn('sealed_token', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('console_session_expires').on('console_session').column('expires_ms').execute();
  },
};
