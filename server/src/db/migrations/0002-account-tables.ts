import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The account's users, groups, roles, policies and sessions. Secrets are sealed: see `account/secret-box.ts`. */
export const accountTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('account_version')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
    await createUserTables(db);
    await createGroupTables(db);
    await createRoleTables(db);
    await createPolicyTables(db);
  },
};

async function createUserTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ram_user')
    .addColumn('user_id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('mobile_phone', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('comments', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_login_ms', 'bigint')
    .execute();
  await db.schema
    .createTable('ram_access_key')
    .addColumn('access_key_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('ram_user.user_id'))
    .addColumn('sealed_secret', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_used_ms', 'bigint')
    .execute();
  await db.schema.createIndex('ram_access_key_user').on('ram_access_key').column('user_id').execute();
  await db.schema
    .createTable('ram_login_profile')
    .addColumn('user_id', 'text', (column) => column.primaryKey().references('ram_user.user_id'))
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('password_reset_required', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .execute();
}

async function createGroupTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ram_group')
    .addColumn('group_id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('comments', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('ram_group_member')
    .addColumn('group_id', 'text', (column) => column.notNull().references('ram_group.group_id'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('ram_user.user_id'))
    .addColumn('joined_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ram_group_member_key', ['group_id', 'user_id'])
    .execute();
  await db.schema.createIndex('ram_group_member_user').on('ram_group_member').column('user_id').execute();
}

async function createRoleTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ram_role')
    .addColumn('role_id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('trust_policy', 'text', (column) => column.notNull())
    .addColumn('max_session_seconds', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sts_session')
    .addColumn('access_key_id', 'text', (column) => column.primaryKey())
    .addColumn('role_id', 'text', (column) => column.notNull().references('ram_role.role_id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sealed_secret', 'text', (column) => column.notNull())
    .addColumn('sealed_token', 'text', (column) => column.notNull())
    .addColumn('policy', 'text')
    .addColumn('caller_arn', 'text', (column) => column.notNull())
    .addColumn('source_identity', 'text')
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sts_session_role').on('sts_session').column('role_id').execute();
  await db.schema.createIndex('sts_session_expires').on('sts_session').column('expires_ms').execute();
}

async function createPolicyTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ram_policy')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('default_version', 'integer', (column) => column.notNull())
    .addColumn('last_version', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('ram_policy_version')
    .addColumn('policy_name', 'text', (column) => column.notNull().references('ram_policy.name'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ram_policy_version_key', ['policy_name', 'version'])
    .execute();
  await db.schema
    .createTable('ram_attachment')
    .addColumn('target_kind', 'text', (column) => column.notNull())
    .addColumn('target_id', 'text', (column) => column.notNull())
    .addColumn('policy_type', 'text', (column) => column.notNull())
    .addColumn('policy_name', 'text', (column) => column.notNull())
    .addColumn('attached_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ram_attachment_key', ['target_kind', 'target_id', 'policy_type', 'policy_name'])
    .execute();
  await db.schema
    .createIndex('ram_attachment_policy')
    .on('ram_attachment')
    .columns(['policy_type', 'policy_name'])
    .execute();
}
