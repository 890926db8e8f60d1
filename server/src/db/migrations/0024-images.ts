import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The content of each repository: tags, manifests and their references; and the events of the server. */
export const images: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await addTags(db);
    await addManifests(db);
    await addEvents(db);
    await db.schema
      .alterTable('repository')
      .addColumn('tag_count', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    // The next start reads what repositories from before these tables contain.
    await db.schema
      .alterTable('repository')
      .addColumn('tags_adopted', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    const older = db as Kysely<{ repository: { tags_adopted: number } }>;
    await older.updateTable('repository').set({ tags_adopted: 0 }).execute();
  },
};

async function addTags(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tag')
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sort_name', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_ms', 'bigint', (column) => column.notNull())
    .addColumn('pushed_by', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('last_pulled_ms', 'bigint')
    .addPrimaryKeyConstraint('tag_key', ['repo_id', 'name'])
    .execute();
  await db.schema.createIndex('tag_by_name').on('tag').columns(['repo_id', 'sort_name', 'name']).execute();
  await db.schema.createIndex('tag_by_time').on('tag').columns(['repo_id', 'updated_ms', 'name']).execute();
  await db.schema.createIndex('tag_by_digest').on('tag').columns(['repo_id', 'digest']).execute();
  await db.schema
    .createTable('tag_removed')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('removed_ms', 'bigint', (column) => column.notNull())
    .addColumn('removed_by', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('tag_removed_by_name').on('tag_removed').columns(['repo_id', 'name']).execute();
}

async function addManifests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('manifest')
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('artifact_type', 'text')
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('config_digest', 'text')
    .addColumn('total_bytes', 'bigint', (column) => column.notNull())
    .addColumn('blobs', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('annotations', 'text')
    .addColumn('first_seen_ms', 'bigint', (column) => column.notNull())
    .addColumn('pushed_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_pulled_ms', 'bigint')
    .addColumn('state', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('manifest_key', ['repo_id', 'digest'])
    .execute();
  await db.schema.createIndex('manifest_by_subject').on('manifest').columns(['repo_id', 'subject', 'digest']).execute();
  await db.schema
    .createTable('manifest_child')
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('parent', 'text', (column) => column.notNull())
    .addColumn('child', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('manifest_child_key', ['repo_id', 'parent', 'child'])
    .execute();
  await db.schema.createIndex('manifest_child_by_child').on('manifest_child').columns(['repo_id', 'child']).execute();
  await db.schema
    .createTable('manifest_push')
    .addColumn('push_id', 'text', (column) => column.primaryKey())
    .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('tag', 'text')
    .addColumn('pushed_by', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('begun_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('manifest_push_by_tag').on('manifest_push').columns(['repo_id', 'tag']).execute();
}

async function addEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('time_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('event_by_time').on('event').column('time_ms').execute();
  await db.schema
    .createTable('event_cursor')
    .addColumn('consumer', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .execute();
}
