import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tokens in a browser's cookie that renew console sessions. */
export const consoleRenewals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('console_renewal')
      .addColumn('token_sha256', 'text', (column) => column.primaryKey())
      .addColumn('opened_by', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('console_renewal_expires').on('console_renewal').column('expires_ms').execute();
  },
};
