import { isStoreOf } from '#build/layer-store.ts';
import { listRepositoryNames } from '#repository/repository-store.ts';
import type { Cache } from '#rpc/native-types.gen.ts';
import type { NativeContext } from '../native-operation.ts';

/** A layer cache on this machine, and its id in the sandbox. */
export interface FoundCache {
  id: string;
  cache: Cache;
}

/**
 * The layer caches of the repositories that the caller's list may include; if that is all of them, also those of
 * deleted repositories.
 */
export async function cachesOf({ db, instanceId, repoIds, layerStores }: NativeContext): Promise<FoundCache[]> {
  const names = await listRepositoryNames(db, instanceId);
  const found: FoundCache[] = [];
  for (const { id, sizeBytes, usedMs, isInUse } of await layerStores.listStores()) {
    const owner = names.find(({ repoId }) => isStoreOf(id, repoId));
    if (repoIds !== undefined && (owner === undefined || !repoIds.includes(owner.repoId))) continue;
    found.push({
      id,
      cache: { Repository: owner?.name, SizeBytes: sizeBytes, UsedTime: Math.round(usedMs), InUse: isInUse },
    });
  }
  return found;
}
