import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which builds move their tag now and which have moved it, so that a tag never goes back to the image of an older build. */
export const tagOrder: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('tag_move', 'text').execute();
  },
};
