import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The build that pushes, and its claim of the record. */
export const buildPushes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('manifest_push').addColumn('build_record_id', 'text').execute();
    await db.schema.alterTable('manifest_push').addColumn('build_epoch', 'integer').execute();
  },
};
