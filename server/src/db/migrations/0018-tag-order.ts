import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which builds are moving their tag and which have moved it, so that a tag never returns to an older build's image. */
export const tagOrder: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('tag_move', 'text').execute();
  },
};
