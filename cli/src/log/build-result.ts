import type { Build } from '@slipway/client/native.gen.ts';
import { EXIT_CODES } from '../error/cli-error.ts';

/** How a build ended. */
export interface BuildResult {
  Status: string;
  Failure?: { Fault: string; Message: string } | undefined;
}

/** The exit code of a command that waited for the end of a build. */
export function exitCodeOf(result: BuildResult): number {
  if (result.Status === 'SUCCESS') return 0;
  if (result.Status === 'CANCELED') return EXIT_CODES.cancelled;
  const { Fault } = result.Failure ?? {};
  return Fault === 'machine' || Fault === 'outside' ? EXIT_CODES.machine : EXIT_CODES.buildFailed;
}

/**
 * The name to pull the image. If a newer build finished first, the tag is that build's, so this image is named by its
 * digest.
 */
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
