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

/**
 * The RAM resources of the repositories that a rule of the instance may act on: all of a namespace or of the instance, or one.
 * The first is the pattern for those that do not exist yet.
 */
export async function coveredResources(
  db: Database,
  instanceId: string,
  { namespaceName, name }: { namespaceName?: string | undefined; name?: string | undefined },
): Promise<string[]> {
  if (namespaceName !== undefined && name !== undefined) return [`repository/${instanceId}/${namespaceName}/${name}`];
  let query = db
    .selectFrom('repository')
    .select(['namespace_name', 'name'])
    .where('instance_id', '=', instanceId)
    .where('status', '!=', 'DELETED');
  if (namespaceName !== undefined) query = query.where('namespace_name', '=', namespaceName);
  const rows = await query.execute();
  const later = `repository/${instanceId}/${namespaceName ?? '*'}/*`;
  return [later, ...rows.map((row) => `repository/${instanceId}/${row.namespace_name}/${row.name}`)];
}
