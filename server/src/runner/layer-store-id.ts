import { createHash } from 'node:crypto';
import type { BuildRecord } from '#build/build.ts';
import type { ReadyBase } from './base-images.ts';

/**
 * Names the store that keeps the layers: builds of a repository share it as far as they start from the same repositories of
 * our own registry, and log in at the same foreign ones. So nobody meets the layers of a base there that those for whom the
 * build runs may not pull.
 */
export function layerStoreId({ repoId }: BuildRecord, bases: readonly ReadyBase[]): string {
  const own = [...new Set(bases.flatMap(privateOrigin))].sort();
  if (own.length === 0) return repoId;
  return `${repoId}-${createHash('sha256').update(own.join('\n')).digest('hex').slice(0, 16)}`;
}

function privateOrigin({ ownRepository, scope }: ReadyBase): string[] {
  if (ownRepository !== undefined) return [ownRepository];
  return scope === 'world' ? [] : [scope];
}
