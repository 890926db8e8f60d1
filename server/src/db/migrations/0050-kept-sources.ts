import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Sent folders that stay after their build, so that the next one is sent as its changes. */
export const keptSources: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('source_archive').addColumn('kept_ms', 'bigint').execute();
    await db.schema.alterTable('source_archive').addColumn('kept_repo_id', 'text').execute();
  },
};
