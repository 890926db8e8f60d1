import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether new repositories of a namespace refuse to overwrite tags. */
export const defaultTagImmutability: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('namespace')
      .addColumn('default_tag_immutability', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
