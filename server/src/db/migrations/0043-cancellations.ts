import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who cancelled a build, and why, as JSON. */
export const cancellations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('cancellation', 'text').execute();
  },
};
