import type { Database } from '#db/database.ts';

/** The number of builds in each status, over all instances. A status without builds is absent. */
export async function countBuilds(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('build_record')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return new Map(rows.map((row) => [row.status, row.count]));
}
