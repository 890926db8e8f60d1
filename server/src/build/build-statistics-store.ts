import { sql } from 'kysely';
import type { Database } from '#db/database.ts';

/** The builds requested within one time bucket. Averages are in ms, and undefined without a build to average. */
export interface BuildBucket {
  startMs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  /** From start to end, over builds that succeeded or failed. */
  meanDurationMs: number | undefined;
  /** From request to start. */
  meanWaitMs: number | undefined;
}

/**
 * The builds of an instance, or of some of its repositories, in `count` time buckets of equal length, the last of which begins
 * at `lastStartMs`. Includes buckets without builds.
 */
export async function buildStatistics(
  db: Database,
  filter: { instanceId: string; repoIds: readonly string[] | undefined },
  { lastStartMs, lengthMs, count }: { lastStartMs: number; lengthMs: number; count: number },
): Promise<BuildBucket[]> {
  const firstMs = lastStartMs - (count - 1) * lengthMs;
  // If the clock was set back, do not count negative times.
  const ran = sql<number | null>`avg(case when status not in ('SUCCESS', 'FAILED') then null
    when ended_ms < started_ms then 0 else ended_ms - started_ms end)`;
  const waited = sql<number | null>`avg(case when started_ms < created_ms then 0 else started_ms - created_ms end)`;
  let query = db
    .selectFrom('build_record')
    .select((eb) => [
      // Both operands are integers, so the quotient is truncated.
      sql<number>`(created_ms - ${sql.lit(firstMs)}) / ${sql.lit(lengthMs)}`.as('bucket'),
      eb.fn.sum<number>(sql`case when status = 'SUCCESS' then 1 else 0 end`).as('succeeded'),
      eb.fn.sum<number>(sql`case when status = 'FAILED' then 1 else 0 end`).as('failed'),
      eb.fn.sum<number>(sql`case when status = 'CANCELED' then 1 else 0 end`).as('cancelled'),
      ran.as('ran_ms'),
      waited.as('waited_ms'),
    ])
    .where('instance_id', '=', filter.instanceId)
    .where('created_ms', '>=', firstMs)
    .where('created_ms', '<', lastStartMs + lengthMs);
  if (filter.repoIds !== undefined) query = query.where('repo_id', 'in', ['', ...filter.repoIds]);
  const rows = new Map((await query.groupBy('bucket').execute()).map((row) => [row.bucket, row]));
  return Array.from({ length: count }, (_, index) => {
    const row = rows.get(index);
    return {
      startMs: firstMs + index * lengthMs,
      succeeded: row?.succeeded ?? 0,
      failed: row?.failed ?? 0,
      cancelled: row?.cancelled ?? 0,
      meanDurationMs: row?.ran_ms == null ? undefined : Math.round(row.ran_ms),
      meanWaitMs: row?.waited_ms == null ? undefined : Math.round(row.waited_ms),
    };
  });
}
