import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The names that Dockerfiles give to their stages. */
export const stageNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_step').addColumn('stage_name', 'text').execute();
  },
};
