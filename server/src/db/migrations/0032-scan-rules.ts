import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The rules for which images are scanned when a tag is set. */
export const scanRules: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('scan_rule')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('rule_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('namespaces', 'text', (column) => column.notNull())
      .addColumn('repo_names', 'text', (column) => column.notNull())
      .addColumn('tag_pattern', 'text', (column) => column.notNull())
      .addColumn('trigger_type', 'text', (column) => column.notNull())
      .addColumn('scan_type', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('scan_rule_name', ['instance_id', 'name'])
      .execute();
  },
};
