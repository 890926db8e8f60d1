import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The part of a code host's login that may be shown, so that showing it opens no secret. Unknown for older logins. */
export const shownLogins: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('code_host').addColumn('shown_login', 'text').execute();
  },
};
