import type { Database } from '#db/database.ts';

/** Whether pushes to its source build a repository by themselves, as the vendor's API names it. */
export type RepoBuildType = 'AUTO' | 'MANUAL';

/**
 * The build types of repositories. They follow from the sources that those are bound to; the noun source comes after this
 * one, so that its table is read here.
 */
export async function readBuildTypes(
  db: Database,
  repoIds: readonly string[],
): Promise<(repoId: string) => RepoBuildType> {
  if (repoIds.length === 0) return () => 'MANUAL';
  const rows = await db
    .selectFrom('source_binding')
    .select('repo_id')
    .where('repo_id', 'in', repoIds)
    .where('auto_build', '=', 1)
    .execute();
  const built = new Set(rows.map((row) => row.repo_id));
  return (repoId) => (built.has(repoId) ? 'AUTO' : 'MANUAL');
}
