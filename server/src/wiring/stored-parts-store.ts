import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { usedBlobs } from '#image/sweep-store.ts';
import type { StoredPart } from '#space/space-part.ts';

/** What a server keeps in its bucket, by the records of its database, and the database itself. Nothing is listed in the bucket for it. */
export async function measureStored(db: Database): Promise<StoredPart[]> {
  const [logs, images, sources, charts, database] = await Promise.all([
    db
      .selectFrom('sealed_log')
      .leftJoin('build_record', 'build_record.build_record_id', 'sealed_log.log_id')
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('log_bytes').as('bytes')])
      .executeTakeFirstOrThrow(),
    usedBlobs(db),
    sumOf(db, 'source_archive'),
    sumOf(db, 'chart_release'),
    sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db),
  ]);
  return [
    { part: 'logs', count: logs.count, sizeBytes: logs.bytes ?? 0, reclaimableBytes: 0 },
    {
      part: 'images',
      count: images.size,
      sizeBytes: images.values().reduce((sum, each) => sum + each, 0),
      reclaimableBytes: 0,
    },
    { part: 'sources', count: sources.count, sizeBytes: sources.bytes ?? 0, reclaimableBytes: 0 },
    { part: 'charts', count: charts.count, sizeBytes: charts.bytes ?? 0, reclaimableBytes: 0 },
    { part: 'database', count: 1, sizeBytes: database.rows[0]?.bytes ?? 0, reclaimableBytes: 0 },
  ];
}

function sumOf(db: Database, table: 'source_archive' | 'chart_release') {
  return db
    .selectFrom(table)
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('size_bytes').as('bytes')])
    .executeTakeFirstOrThrow();
}
