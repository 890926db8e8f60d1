import { createHash } from 'node:crypto';
import type { BaseBuild, ReadyBase } from './base-images.ts';
import type { FetchedCache } from './build-cache.ts';

/**
 * Names the store that keeps the layers: builds of a repository share it as far as they start from the same repositories of
 * our own registry, take steps from caches there, and log in at the same foreign ones. So nobody meets the layers of a base there that those for whom the
 * build runs may not pull.
 */
export function layerStoreId(
  { record: { repoId }, repository }: Pick<BaseBuild, 'record' | 'repository'>,
  bases: readonly ReadyBase[],
  caches: readonly FetchedCache[],
): string {
  const ofCaches = caches.flatMap(({ ownRepository = repository }) =>
    ownRepository === repository ? [] : [ownRepository],
  );
  const own = [...new Set([...bases.flatMap(privateOrigin), ...ofCaches])].sort();
  if (own.length === 0) return repoId;
  return `${repoId}-${createHash('sha256').update(own.join('\n')).digest('hex').slice(0, 16)}`;
}

function privateOrigin({ ownRepository, scope }: ReadyBase): string[] {
  if (ownRepository !== undefined) return [ownRepository];
  return scope === 'world' ? [] : [scope];
}
