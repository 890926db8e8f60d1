import { statfs } from 'node:fs/promises';
import { BuildFailed } from '../failure/build-failed.ts';

/** How many files a source may have. */
export const SOURCE_FILES = 200_000;

/** The failure of a build whose source has too many files. */
export function tooManyFiles(): BuildFailed {
  return new BuildFailed('source-too-many-files', `the source has more than ${SOURCE_FILES} files, which is the limit`);
}

/** The failure of a build whose source has too many bytes. */
export function tooManyBytes(limitBytes: number): BuildFailed {
  return new BuildFailed(
    'source-too-large',
    `the source is larger than ${limitBytes} bytes, which is the limit (setting source-limit-mebibytes)`,
  );
}

const FULL = /No space left on device|Disk quota exceeded|File too large/;

/** Why a program that fetches or unpacks a source into `folder` failed, if its output names a write limit. */
export async function sourceLimitMet(
  words: string,
  folder: string,
  limitBytes: number,
): Promise<BuildFailed | undefined> {
  if (!FULL.test(words)) return undefined;
  const { ffree } = await statfs(folder);
  return ffree === 0 ? tooManyFiles() : tooManyBytes(limitBytes);
}
