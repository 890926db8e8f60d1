import type { BuildRecord } from '#build/build.ts';
import { copiedStore, storeFamily } from '#build/layer-store.ts';
import { isNative } from '#platform/platform.ts';
import type { Builder } from '#sandbox/client/sandbox.ts';
import type { BuildMeans } from './build-job.ts';

/**
 * Starts the builder of a build while its source is fetched. Undefined for a build that it would not suit: one that uses no
 * layers, or needs emulators.
 */
export function startBuilder(
  { sandbox, limits, egress, surroundings, keepCache, pullRequestCache }: BuildMeans,
  record: BuildRecord,
): Builder | undefined {
  const { buildRecordId: buildId, useCache, options } = record;
  const { platforms = [] } = options;
  if (!useCache || !keepCache || !platforms.every((platform) => isNative(platform))) return undefined;
  const repositoryId = storeFamily(record);
  const copied = copiedStore(repositoryId, pullRequestCache);
  return sandbox.openBuilder({ buildId, repositoryId, ...copied, limits, egress, ...surroundings });
}
