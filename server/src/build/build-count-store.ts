import type { Database } from '#db/database.ts';
import type { BuildStatus } from './build.ts';

/**
 * The number of builds in each of these statuses, over all instances; in every status if none are named. A status without
 * builds is absent.
 */
export async function countBuilds(db: Database, statuses?: readonly BuildStatus[]): Promise<Map<string, number>> {
  const counted = db.selectFrom('build_record').select((eb) => ['status', eb.fn.countAll<number>().as('count')]);
  const rows = await (statuses === undefined ? counted : counted.where('status', 'in', [...statuses]))
    .groupBy('status')
    .execute();
  return new Map(rows.map((row) => [row.status, row.count]));
}
