import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The queue of background work. */
export const jobs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('job')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('job_id', 'text', (column) => column.notNull().unique())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('once', 'text')
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('not_before_ms', 'bigint', (column) => column.notNull())
      .addColumn('cancel_requested', 'integer', (column) => column.notNull())
      .addColumn('result', 'text')
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('started_ms', 'bigint')
      .addColumn('ended_ms', 'bigint')
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until_ms', 'bigint')
      .execute();
    await db.schema.createIndex('job_next').on('job').columns(['state', 'priority desc', 'sequence']).execute();
    await db.schema.createIndex('job_by_end').on('job').columns(['ended_ms']).execute();
    await sql`create unique index job_once on job (kind, once) where state in ('PENDING', 'RUNNING')`.execute(db);
  },
};
