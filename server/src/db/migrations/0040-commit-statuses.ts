import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where each code host takes the statuses of commits. */
export const commitStatuses: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['status_target', 'sealed_status_token', 'status_failure'])
      await db.schema.alterTable('code_host').addColumn(column, 'text').execute();
  },
};
