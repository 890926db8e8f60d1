import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The sizes of sealed logs, which logs have expired, and what remains of those. */
export const logExpiry: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['log_bytes', 'log_expired_ms'])
      await db.schema.alterTable('build_record').addColumn(column, 'bigint').execute();
    await db.schema
      .createIndex('build_record_log')
      .on('build_record')
      .columns(['log_expired_ms', 'repo_id', 'sequence', 'log_bytes', 'ended_ms'])
      .execute();
    await db.schema
      .createTable('expired_log')
      .addColumn('build_record_id', 'text', (column) => column.primaryKey().references('build_record.build_record_id'))
      .addColumn('seal', 'text', (column) => column.notNull())
      .addColumn('card', 'text', (column) => column.notNull())
      .execute();
  },
};
