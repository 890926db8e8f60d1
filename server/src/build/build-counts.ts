import type { Database } from '#db/database.ts';

/** How many builds of all instances have which status; a status that none has is not there. */
export async function countBuilds(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('build_record')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return new Map(rows.map((row) => [row.status, row.count]));
}
