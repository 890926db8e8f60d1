import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Advisories, and the scans that look images up in them. */
export const scans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('advisory_set')
      .addColumn('set_id', 'text', (column) => column.primaryKey())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('data_ms', 'bigint', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('published_ms', 'bigint')
      .addColumn('advisory_count', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('advisory')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('set_id', 'text', (column) => column.notNull().references('advisory_set.set_id'))
      .addColumn('ecosystem', 'text', (column) => column.notNull())
      .addColumn('package', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('advisory_by_package').on('advisory').columns(['ecosystem', 'package']).execute();
    await db.schema.createIndex('advisory_by_set').on('advisory').columns(['set_id', 'ecosystem']).execute();
    await db.schema
      .createTable('scan')
      .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('scan_id', 'text', (column) => column.notNull().unique())
      .addColumn('instance_id', 'text', (column) => column.notNull().references('instance.instance_id'))
      .addColumn('repo_id', 'text', (column) => column.notNull().references('repository.repo_id'))
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('scan_type', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('requested_by', 'text', (column) => column.notNull())
      .addColumn('created_ms', 'bigint', (column) => column.notNull())
      .addColumn('ended_ms', 'bigint')
      .addColumn('scanner', 'text', (column) => column.notNull())
      .addColumn('database_version', 'text')
      .addColumn('database_ms', 'bigint')
      .addColumn('counts', 'text')
      .addColumn('unchecked', 'text')
      .execute();
    await db.schema
      .createIndex('scan_by_digest')
      .on('scan')
      .columns(['repo_id', 'digest', 'scan_type', 'sequence'])
      .execute();
    await db.schema
      .createTable('scan_finding')
      .addColumn('scan_id', 'text', (column) => column.notNull().references('scan.scan_id'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('severity', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('search', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('scan_finding_key', ['scan_id', 'position'])
      .execute();
  },
};
