import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tags and resource groups of instances, and who may reach their registries. */
export const instanceTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('instance_tag')
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('instance_tag_key', ['instance_id', 'key'])
      .execute();
    await db.schema
      .createTable('instance_group')
      .addColumn('instance_id', 'text', (column) => column.primaryKey().references('instance.instance_id'))
      .addColumn('resource_group_id', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('endpoint')
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('module_name', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('entries', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('endpoint_key', ['instance_id', 'module_name'])
      .execute();
  },
};
