import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The private networks that an instance is linked to. */
export const linkedNetworks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('linked_network')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('vpc_id', 'text', (column) => column.notNull())
      .addColumn('vswitch_id', 'text', (column) => column.notNull())
      .addColumn('wants_dns', 'integer', (column) => column.notNull())
      .addUniqueConstraint('linked_network_unique', ['instance_id', 'vpc_id', 'vswitch_id'])
      .execute();
  },
};
