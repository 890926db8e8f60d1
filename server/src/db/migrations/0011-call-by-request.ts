import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** An index for finding calls by RequestId. */
export const callByRequest: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('call_record_request').on('call_record').column('request_id').execute();
  },
};
