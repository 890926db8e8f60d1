import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The secrets sent with a build, sealed. The row is removed when the build ends. */
export const givenSecrets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('build_given_secret')
      .addColumn('build_record_id', 'text', (column) => column.primaryKey())
      .addColumn('sealed_values', 'text', (column) => column.notNull())
      .execute();
  },
};
