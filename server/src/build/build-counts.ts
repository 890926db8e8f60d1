import type { Database } from '#db/database.ts';

/** How many builds have a status, and how long they took together: from request to start, from start to end. */
export interface BuildCount {
  status: string;
  count: number;
  waitedMs: number;
  ranMs: number;
}

/** The builds of all instances, by status. */
export async function countBuilds(db: Database): Promise<BuildCount[]> {
  const rows = await db
    .selectFrom('build_record')
    .select((eb) => [
      'status',
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number | null>(eb('started_ms', '-', eb.ref('created_ms'))).as('waited_ms'),
      eb.fn.sum<number | null>(eb('ended_ms', '-', eb.ref('started_ms'))).as('ran_ms'),
    ])
    .groupBy('status')
    .execute();
  return rows.map((row) => ({
    status: row.status,
    count: row.count,
    waitedMs: row.waited_ms ?? 0,
    ranMs: row.ran_ms ?? 0,
  }));
}
