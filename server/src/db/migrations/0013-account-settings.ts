import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Account-wide settings, tags of users, roles and policies, and the history of passwords. */
export const accountSettings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('account_setting')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('alias', 'text')
      .addColumn('password_policy', 'text')
      .addColumn('security_preference', 'text')
      .execute();
    await db.schema
      .createTable('ram_tag')
      .addColumn('resource_kind', 'text', (column) => column.notNull())
      .addColumn('resource_id', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ram_tag_key', ['resource_kind', 'resource_id', 'key'])
      .execute();
    await db.schema
      .createTable('ram_password_history')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('ram_password_history_user').on('ram_password_history').column('user_id').execute();
    await db.schema
      .createTable('sign_in_failure')
      .addColumn('user_name', 'text', (column) => column.primaryKey())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('first_ms', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('ram_login_profile').addColumn('password_set_ms', 'bigint').execute();
  },
};
