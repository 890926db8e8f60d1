import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who asked for a build, and who made or last changed a rule and a source; of those from before it is unknown. */
export const requesters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('requesters', 'text').execute();
    await db.schema.alterTable('build_rule').addColumn('requester', 'text').execute();
    await db.schema.alterTable('source_binding').addColumn('requester', 'text').execute();
  },
};
