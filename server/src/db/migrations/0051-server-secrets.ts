import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the server keeps for itself, sealed with the secrets key. */
export const serverSecrets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('server_secret')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .execute();
  },
};
