import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How often each image was pulled, and the platforms that it is for. */
export const imageFacts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('manifest')
      .addColumn('pull_count', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('manifest').addColumn('platforms', 'text').execute();
  },
};
