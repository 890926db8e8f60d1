import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError, EXIT_CODES } from '../cli-error.ts';

/*
 * Writing below a folder whose content others chose: an image, or an earlier image that was written there. No link that is below
 * it is followed. Anyone who names a path here has made sure of the folder that it is in, from the top: by `ensureFolder`, one after the other.
 */

const MODE = 0o777;

/** A folder at this path, that can be written to; a file or link in its place goes. */
export async function ensureFolder(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory()) return await chmod(path, (stats.mode & MODE) | 0o700);
  if (stats) await rm(path);
  await mkdir(path, 0o700);
}

/** Puts a file that `write` makes into the place of the file or link at a path. Nothing is seen there before it is whole. Throws `CliError`. */
export async function replaceFile(path: string, write: (fresh: string) => Promise<unknown>): Promise<void> {
  await makeRoom(path);
  // Nobody knows the name before, so that nobody has put a link there; and it is short, since that of the file may be as long as names get.
  const fresh = join(dirname(path), `.slipway-${randomBytes(12).toString('hex')}`);
  try {
    await write(fresh);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Removes the file or link that is at a path; a folder is somebody's work, and stays. Throws `CliError`. */
export async function makeRoom(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory())
    throw new CliError(EXIT_CODES.usage, `${path} is a folder, and a file belongs there; name another folder`);
  if (stats) await rm(path);
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
