import type { BuildRecord } from '#build/build.ts';

/** Line 1 of a build's log. */
export function headerLine(version: string, record: BuildRecord, repository: string): string {
  return `Slipway ${version}, build ${record.buildRecordId} of ${repository}:${record.imageTag} for ${record.platform}`;
}
