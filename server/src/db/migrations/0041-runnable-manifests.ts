import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which manifests can be run: chains scan those also under the tags of signatures. The last walk of an image is found by an index. */
export const runnableManifests: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('manifest').addColumn('is_runnable', 'integer').execute();
    await db.schema
      .createIndex('chain_instance_by_image')
      .on('chain_instance')
      .columns(['repo_id', 'tag', 'digest', 'sequence'])
      .execute();
  },
};
