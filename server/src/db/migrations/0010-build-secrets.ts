import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Secrets that builds mount. `repo_id` is empty for a secret of the whole instance. */
export const buildSecrets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('build_secret')
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('repo_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('sealed_value', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('modified_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('build_secret_key', ['instance_id', 'repo_id', 'name'])
      .execute();
  },
};
