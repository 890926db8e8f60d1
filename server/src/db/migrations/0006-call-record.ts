import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who called what: writes and denials one by one, allowed reads counted by caller, action and minute. */
export const callRecord: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('call_record')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('time_ms', 'bigint', (column) => column.notNull())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('caller_arn', 'text', (column) => column.notNull())
      .addColumn('access_key_id', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('resource', 'text', (column) => column.notNull())
      .addColumn('source_ip', 'text')
      .addColumn('denied', 'integer', (column) => column.notNull())
      .addColumn('code', 'text', (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('call_record_time').on('call_record').column('time_ms').execute();
  },
};
