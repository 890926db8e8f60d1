import type { BuildRecord } from '#build/build.ts';
import { isNative } from '#platform/platform.ts';
import type { Builder } from '#sandbox/client/sandbox.ts';
import type { BuildMeans } from './build-job.ts';

/**
 * Starts the builder of a build while its source is fetched. Undefined for a build that it would not suit: one that uses no
 * layers, or needs emulators.
 */
export function startBuilder(
  { sandbox, limits, egress, surroundings, keepCache }: BuildMeans,
  { buildRecordId: buildId, repoId: repositoryId, useCache, options }: BuildRecord,
): Builder | undefined {
  const { platforms = [] } = options;
  if (!useCache || !keepCache || !platforms.every((platform) => isNative(platform))) return undefined;
  return sandbox.openBuilder({ buildId, repositoryId, limits, egress, ...surroundings });
}
