import type { Database } from '#db/database.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import type { AlsoNeeded } from '#rpc/operation.ts';

/** What a rule or chain that scans does in repositories. */
export function rightsOfScan(resources: readonly string[]): AlsoNeeded[] {
  return resources.map((resource) => ({ action: 'cr:PutScan', resource }));
}

/** The same for a scan rule, which covers repositories of some namespaces, or of all. */
export async function rightsOfScanRule(
  db: Database,
  instanceId: string,
  {
    Namespaces = [],
    RepoNames = [],
  }: { Namespaces?: readonly string[] | undefined; RepoNames?: readonly string[] | undefined },
): Promise<AlsoNeeded[]> {
  const resources: string[] = [];
  for (const namespaceName of Namespaces.length > 0 ? Namespaces : [undefined])
    for (const name of RepoNames.length > 0 ? RepoNames : [undefined])
      resources.push(...(await coveredResources(db, instanceId, { namespaceName, name })));
  return rightsOfScan(resources);
}
