import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The servers that use this database, and when each was last there by the database's clock. */
export const serverNodes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('server_node')
      .addColumn('node_id', 'text', (column) => column.primaryKey())
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('seen_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
