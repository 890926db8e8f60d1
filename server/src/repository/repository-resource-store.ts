import type { Database } from '#db/database.ts';

/** The RAM resource of the repository with this id; undefined for an unknown id. */
export async function repositoryResource(
  db: Database,
  instanceId: string,
  repoId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('repository')
    .select(['namespace_name', 'name'])
    .where('instance_id', '=', instanceId)
    .where('repo_id', '=', repoId)
    .where('status', '!=', 'DELETED')
    .executeTakeFirst();
  return row && `repository/${instanceId}/${row.namespace_name}/${row.name}`;
}
