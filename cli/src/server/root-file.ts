import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** The content of a data folder's `root.json` for clients on its machine. */
export interface RootFile {
  AccessKeyId: string;
  AccessKeySecret: string;
  InstanceId: string;
  Endpoint: string;
}

/**
 * Reads `root.json`; undefined if there is none, or if a server that starts has not written it yet. Throws `CliError` if it may not be read, or belongs to another user: a
 * folder that a stranger put where commands look for one must not lead them to the stranger's server.
 */
export function readRootFile(dataFolder: string): RootFile | undefined {
  const file = join(dataFolder, 'root.json');
  try {
    const { uid } = statSync(file);
    const self = process.getuid?.();
    if (self !== undefined && uid !== 0 && uid !== self)
      throw new CliError(
        EXIT_CODES.usage,
        `${file} belongs to the user with id ${uid}, who may have written anything into it; run this as that user, give the file to root, or name the server with SLIPWAY_ENDPOINT, SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET`,
      );
    const content = readFileSync(file, 'utf8');
    return content === '' ? undefined : (JSON.parse(content) as RootFile);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError(
      EXIT_CODES.usage,
      `${file} cannot be read (${code ?? 'it is not JSON'}); ${code === undefined ? 'start its server again, which writes the file' : 'run this as the user who started the server'}, or set SLIPWAY_ENDPOINT, SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET`,
      { cause },
    );
  }
}
