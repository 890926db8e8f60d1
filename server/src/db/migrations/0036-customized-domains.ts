import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Further host names of an instance's endpoints. */
export const customizedDomains: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('customized_domain')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('module_name', 'text', (column) => column.notNull())
      .addColumn('domain', 'text', (column) => column.notNull().unique())
      .addColumn('cert_id', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
