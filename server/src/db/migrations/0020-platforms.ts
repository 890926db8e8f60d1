import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A build's platforms are one of its options; each step says what it ran on, and what for where that is another. */
export const platforms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').dropColumn('platform').execute();
    await db.schema.alterTable('build_step').addColumn('platform', 'text').execute();
    await db.schema.alterTable('build_step').addColumn('target_platform', 'text').execute();
  },
};
