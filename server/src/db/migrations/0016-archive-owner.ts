import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who sent a folder, so that each sender's storage can be limited. */
export const archiveOwner: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('source_archive').addColumn('owner', 'text').execute();
    await db.schema.createIndex('source_archive_owner').on('source_archive').column('owner').execute();
  },
};
