import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which build superseded a record, and the indexes for choosing the next record. */
export const buildQueue: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('superseded_by', 'text').execute();
    await db.schema
      .createIndex('build_record_queue')
      .on('build_record')
      .columns(['status', 'repo_id', 'sequence'])
      .execute();
    await db.schema.createIndex('build_record_served').on('build_record').columns(['repo_id', 'started_ms']).execute();
  },
};
