import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who requested a build, and who created or last changed a rule or a source. Unknown for older rows. */
export const requesters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('requesters', 'text').execute();
    await db.schema.alterTable('build_rule').addColumn('requester', 'text').execute();
    await db.schema.alterTable('source_binding').addColumn('requester', 'text').execute();
  },
};
