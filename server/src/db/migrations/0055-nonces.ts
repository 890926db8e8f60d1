import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { perEngine } from '../engine.ts';

/**
 * The nonces of all servers with one database of PostgreSQL. It empties such a table after a crash, instead of writing each row twice. With
 * SQLite, nonces are in files, and the table stays empty.
 */
export const nonces: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('nonce')
      .modifyFront(perEngine({ sqlite: sql``, postgres: sql`unlogged` }))
      .addColumn('nonce_key', 'text', (column) => column.primaryKey())
      .addColumn('end_ms', 'bigint', (column) => column.notNull())
      .addColumn('not_before_ms', 'bigint')
      .execute();
    await db.schema.createIndex('nonce_by_end').on('nonce').column('end_ms').execute();
  },
};
