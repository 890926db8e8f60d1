import { createHash } from 'node:crypto';
import { storeFamily } from '#build/layer-store.ts';
import type { BaseBuild, ReadyBase } from './base-images.ts';
import type { FetchedCache } from './build-cache.ts';

/**
 * Names the store that keeps the layers. Builds of a repository share it if they start from the same repositories of
 * our own registry, use the same caches there, and log in to the same foreign registries. So a store never has layers
 * of a base that the build's requesters may not pull.
 */
export function layerStoreId(
  { record, repository }: Pick<BaseBuild, 'record' | 'repository'>,
  bases: readonly ReadyBase[],
  caches: readonly FetchedCache[],
): string {
  const ofCaches = caches.flatMap(({ ownRepository = repository }) =>
    ownRepository === repository ? [] : [ownRepository],
  );
  const own = [...new Set([...bases.flatMap(privateOrigin), ...ofCaches])].sort();
  const family = storeFamily(record);
  if (own.length === 0) return family;
  return `${family}-${createHash('sha256').update(own.join('\n')).digest('hex').slice(0, 16)}`;
}

function privateOrigin({ ownRepository, scope }: ReadyBase): string[] {
  if (ownRepository !== undefined) return [ownRepository];
  return scope === 'world' ? [] : [scope];
}
