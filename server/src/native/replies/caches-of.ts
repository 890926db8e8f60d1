import { getRepositoryByName, listRepositoryNames } from '#repository/repository-store.ts';
import type { Cache } from '#rpc/native-types.gen.ts';
import type { NativeContext } from '../native-operation.ts';

/** A layer cache on this machine, and its id in the sandbox. */
export interface FoundCache {
  id: string;
  cache: Cache;
}

/** The layer caches of a repository, or of all. Throws REPO_NOT_EXIST. */
export async function cachesOf(
  { db, instanceId, layerStores }: NativeContext,
  repository: string | undefined,
): Promise<FoundCache[]> {
  const [namespace = '', name = ''] = (repository ?? '').split('/');
  const named = repository === undefined ? undefined : await getRepositoryByName(db, instanceId, namespace, name);
  const names = await listRepositoryNames(db, instanceId);
  const found: FoundCache[] = [];
  for (const { id, sizeBytes, usedMs, isInUse } of await layerStores.listStores()) {
    const owner = names.find(({ repoId }) => id === repoId || id.startsWith(`${repoId}-`));
    if (named !== undefined && owner?.repoId !== named.repoId) continue;
    found.push({
      id,
      cache: { Repository: owner?.name, SizeBytes: sizeBytes, UsedTime: Math.round(usedMs), InUse: isInUse },
    });
  }
  return found;
}
