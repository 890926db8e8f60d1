import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What finds the newest build of a tag, of a rule and of a digest, without the others. */
export const buildLookups: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const indexes = {
      build_record_tag: ['repo_id', 'image_tag', 'status', 'sequence'],
      build_record_rule: ['build_rule_id', 'image_tag', 'sequence'],
      build_record_digest: ['repo_id', 'image_digest', 'sequence'],
    };
    for (const [name, columns] of Object.entries(indexes))
      await db.schema.createIndex(name).on('build_record').columns(columns).execute();
  },
};
