import { lstat, open, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BuildFailed } from '../failure/build-failed.ts';

/**
 * Reads the Dockerfile of a source: a regular file inside it, of at most `limitBytes`, even after following links.
 * Throws `BuildFailed` as the source's fault; the message names the path and never the content.
 */
export async function readSourceFile(context: string, path: string, limitBytes: number): Promise<string> {
  const top = await realpath(context);
  const real = await realpathOrUndefined(join(top, path));
  if (real === undefined) throw new BuildFailed('dockerfile-missing', `there is no ${path} in the source`);
  const inside = relative(top, real);
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new BuildFailed('dockerfile-unreadable', `${path} is a link that leads out of the source`);
  const stat = await lstat(real);
  if (!stat.isFile()) throw new BuildFailed('dockerfile-unreadable', `${path} in the source is not a regular file`);
  if (stat.size > limitBytes)
    throw new BuildFailed(
      'dockerfile-unreadable',
      `${path} has ${stat.size} bytes; ${limitBytes} is the limit for a Dockerfile`,
    );
  const file = await open(real, 'r');
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function realpathOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
