import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Bearer tokens of the native API. Only a token's SHA-256 is stored. */
export const bearerTokens: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('bearer_token')
      .addColumn('token_id', 'text', (column) => column.primaryKey())
      .addColumn('token_sha256', 'text', (column) => column.notNull().unique())
      .addColumn('access_key_id', 'text', (column) => column.notNull())
      .addColumn('principal_arn', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
