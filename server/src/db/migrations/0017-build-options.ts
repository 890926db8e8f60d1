import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A build's options other than source, Dockerfile and arguments, as JSON. */
export const buildOptions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('build_record').addColumn('options', 'text').execute();
  },
};
