import type { Build } from '@slipway/client/native.gen.ts';
import { EXIT_CODES } from './cli-error.ts';

/** How a build ended. */
export interface BuildResult {
  Status: string;
  Failure?: { Fault: string; Message: string } | undefined;
}

/** The exit code of a command that saw a build to its end. */
export function exitCodeOf(result: BuildResult): number {
  if (result.Status === 'SUCCESS') return 0;
  if (result.Status === 'CANCELED') return EXIT_CODES.cancelled;
  return result.Failure?.Fault === 'machine' ? EXIT_CODES.machine : EXIT_CODES.buildFailed;
}

/** The image as it is pulled. Where a newer build was faster, the tag is that of its image, and this one has its digest only. */
export function imageOf(
  imageHost: string,
  {
    Repository,
    ImageTag,
    ImageDigest,
    SupersededBy,
  }: Pick<Build, 'Repository' | 'ImageTag' | 'ImageDigest' | 'SupersededBy'>,
): string {
  return `${imageHost}/${Repository}${SupersededBy === undefined ? `:${ImageTag}` : `@${ImageDigest}`}`;
}
