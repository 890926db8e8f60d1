import type { BuildRecord } from '#build/build.ts';
import { HOST_PLATFORM } from '#platform/platform.ts';

/** Line 1 of a build's log. */
export function headerLine(version: string, record: BuildRecord, repository: string): string {
  const platforms = record.options.platforms ?? [HOST_PLATFORM];
  return `Slipway ${version}, build ${record.buildRecordId} of ${repository}:${record.imageTag} for ${platforms.join(', ')}`;
}
