import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/*
 * Writing below a folder with untrusted content: an image, or an earlier image that was written there. No link below
 * the folder is followed. Callers must have called `ensureFolder` for every folder of a path, from the top down.
 */

const MODE = 0o777;

/** Makes a writable folder at this path; removes a file or link in its place. */
export async function ensureFolder(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory()) return await chmod(path, (stats.mode & MODE) | 0o700);
  if (stats) await rm(path);
  await mkdir(path, 0o700);
}

/**
 * Writes a file with `write` and moves it to a path, replacing a file or link there. Others see the file only when it
 * is complete. Throws `CliError`.
 */
export async function replaceFile(path: string, write: (fresh: string) => Promise<unknown>): Promise<void> {
  await makeRoom(path);
  // Nobody can guess this name, so nobody can have put a link there. It is short, because the file's own name may be as
  // long as names can be.
  const fresh = join(dirname(path), `.slipway-${randomBytes(12).toString('hex')}`);
  try {
    await write(fresh);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Removes the file or link at a path. A folder may be someone's work, so it stays. Throws `CliError`. */
export async function makeRoom(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory())
    throw new CliError(EXIT_CODES.usage, `${path} is a folder, but the image has a file there; name another folder`);
  if (stats) await rm(path);
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
