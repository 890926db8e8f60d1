import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A record's commit and base images, steps, code hosts, and push events. Tokens and secrets are sealed. */
export const buildPlane: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['build_rule_id', 'commit_author', 'commit_message', 'base_images'])
      await db.schema.alterTable('build_record').addColumn(column, 'text').execute();
    await db.schema
      .createTable('build_step')
      .addColumn('build_record_id', 'text', (column) => column.notNull().references('build_record.build_record_id'))
      .addColumn('step', 'integer', (column) => column.notNull())
      .addColumn('stage', 'integer', (column) => column.notNull())
      .addColumn('stage_count', 'integer', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('number_count', 'integer', (column) => column.notNull())
      .addColumn('instruction', 'text', (column) => column.notNull())
      .addColumn('cached', 'integer', (column) => column.notNull())
      .addColumn('started_ms', 'bigint', (column) => column.notNull())
      .addColumn('ended_ms', 'bigint')
      .addColumn('exit_code', 'integer')
      .addPrimaryKeyConstraint('build_step_key', ['build_record_id', 'step'])
      .execute();
    await createSourceTables(db);
  },
};

async function createSourceTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('code_host')
    .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
    .addColumn('code_repo_type', 'text', (column) => column.notNull())
    .addColumn('base_url', 'text', (column) => column.notNull())
    .addColumn('sealed_token', 'text')
    .addColumn('allow_private', 'integer', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('code_host_key', ['instance_id', 'code_repo_type'])
    .execute();
  await db.schema
    .createTable('push_hook')
    .addColumn('repo_id', 'text', (column) => column.primaryKey().references('repository.repo_id'))
    .addColumn('instance_id', 'text', (column) => column.notNull())
    .addColumn('hook_id', 'text', (column) => column.notNull().unique())
    .addColumn('sealed_secret', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('push_delivery')
    .addColumn('hook_id', 'text', (column) => column.notNull())
    .addColumn('delivery_id', 'text', (column) => column.notNull())
    .addColumn('received_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('push_delivery_key', ['hook_id', 'delivery_id'])
    .execute();
}
