import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { environmentWith, readEnvironment, readVariable } from '../input/environment.ts';

/** What a command on the files of this machine is given, beside its own options. */
export interface FolderOptions {
  endpoint?: string;
  data?: string;
  json: boolean;
}

// The server's side: what a data folder holds, only the server's code knows.
const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'server', 'src', 'data-folder', 'folder-command.ts');

/** Reading and sending many files makes much that is short-lived; with less room for it, it is removed sooner. */
const SMALL_MEMORY = '--max-semi-space-size=4';
/** Memory of a file goes back to the system when it is freed; otherwise glibc keeps up to 32 MiB of it in one piece. See mallopt(3). */
const GIVEN_BACK = { MALLOC_MMAP_THRESHOLD_: '1048576' };

/**
 * Runs a command on a data folder or a backup of this machine, whether a server runs or not, to its end. Returns its exit code.
 * Throws `CliError` if a server elsewhere was named: its files are not here.
 */
export async function runFolderCommand(name: string, values: object): Promise<number> {
  if (process.platform !== 'linux' || !existsSync(PROGRAM))
    throw new CliError(EXIT_CODES.usage, "this command works on files of the server's machine (Linux); run it there");
  const child = spawn(process.execPath, [SMALL_MEMORY, PROGRAM, name], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: environmentWith(GIVEN_BACK),
  });
  // Every user of the machine can read arguments, and the values may have the password of a proxy. Why the child does not read is
  // what it says itself.
  child.stdin.on('error', () => undefined).end(JSON.stringify(values));
  // At the terminal, Ctrl-C reaches the child too; this command ends after it.
  const wait = () => undefined;
  process.on('SIGINT', wait).on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) =>
    child.once('error', fail).once('close', (...end) => done(end)),
  );
  if (signal !== null) return EXIT_CODES.cancelled;
  return code ?? EXIT_CODES.machine;
}

/** The data folder that a command works on. Throws `CliError` if the options name a server instead. */
export function dataFolderOf(command: string, { endpoint, data }: FolderOptions): string {
  const isNamed = data !== undefined || readVariable('SLIPWAY_DATA') !== undefined;
  const server = endpoint ?? (isNamed ? undefined : readEnvironment().endpoint);
  if (server !== undefined)
    throw new CliError(
      EXIT_CODES.usage,
      `slipway ${command} works on the files of the data folder, so it cannot work on the server at ${server}; run it on that server's machine, with --data`,
    );
  return data === undefined ? readEnvironment().dataFolder : resolve(data);
}
