import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Registries for base images, with their logins and mirrors, and the digest that each image name last had. */
export const baseRegistries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('base_registry')
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('mirrors', 'text', (column) => column.notNull())
      .addColumn('login_user', 'text')
      .addColumn('sealed_password', 'text')
      .addColumn('login_namespaces', 'text')
      .addColumn('plain_http', 'integer', (column) => column.notNull())
      .addColumn('allow_private', 'integer', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('base_registry_key', ['instance_id', 'host'])
      .execute();
    await db.schema
      .createTable('known_base')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('platform', 'text', (column) => column.notNull())
      .addColumn('listed_digest', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('seen_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('known_base_key', ['scope', 'name', 'platform'])
      .execute();
    await db.schema.createIndex('known_base_by_time').on('known_base').column('seen_ms').execute();
  },
};
