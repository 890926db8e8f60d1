import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What may be shown of the login of a code host, so that showing it opens no secret; of those set before it is unknown. */
export const shownLogins: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('code_host').addColumn('shown_login', 'text').execute();
  },
};
