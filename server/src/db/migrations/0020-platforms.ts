import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A build's platforms are now one of its options. Each step has the platform it ran on, and its target if that differs. */
export const platforms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').dropColumn('platform').execute();
    await db.schema.alterTable('build_step').addColumn('platform', 'text').execute();
    await db.schema.alterTable('build_step').addColumn('target_platform', 'text').execute();
  },
};
