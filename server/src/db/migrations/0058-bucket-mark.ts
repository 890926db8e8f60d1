import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What servers of this database wrote into the mark of their bucket. */
export const bucketMark: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('bucket_mark')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('database_id', 'text', (column) => column.notNull())
      .addColumn('starts', 'text', (column) => column.notNull())
      .execute();
  },
};
