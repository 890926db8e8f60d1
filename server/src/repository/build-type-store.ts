import type { Database } from '#db/database.ts';

/** Whether a push to a repository's source starts a build, in the vendor's words. */
export type RepoBuildType = 'AUTO' | 'MANUAL';

/**
 * The build types of repositories. They follow from the sources that the repositories are bound to. This noun may not
 * import the noun `source`, so the query is here.
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
