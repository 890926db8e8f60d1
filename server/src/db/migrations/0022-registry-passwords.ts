import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The permanent passwords with which the account's owner and users log in to the registry. */
export const registryPasswords: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('registry_password')
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('owner_kind', 'text', (column) => column.notNull())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('set_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('registry_password_key', ['instance_id', 'owner_kind', 'owner_id'])
      .execute();
  },
};
