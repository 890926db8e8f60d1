import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Why the log of a build that ended may lack lines. */
export const lostLines: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('lost_lines', 'text').execute();
  },
};
