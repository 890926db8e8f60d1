import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Copies of what is said of an image, which set no tag. */
export const referrerCopies: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sync_task')
      .addColumn('referrers_only', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
