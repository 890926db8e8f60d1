import { type FileHandle, open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/**
 * A hold on the server of a data folder: an embedded server that another command started stays until the hold is
 * released.
 */
export interface ServerHold {
  endpoint: string;
  /** It lives only as long as commands use it. */
  embedded: boolean;
  /** Whether the server is gone, including an embedded one. */
  gone(): boolean;
  release(): void;
}

const WRITABLE_BY_OTHERS = 0o022;
const READY_LIMIT_MS = 120_000;

/**
 * Takes hold of the server of a data folder through the socket in it (server/src/process/holders.ts), once it is ready: only
 * the server of this folder listens there. `leaving` if it is about to end; undefined if there is none. Throws
 * `CliError`.
 */
export async function holdServer(dataFolder: string): Promise<ServerHold | 'leaving' | undefined> {
  if (process.platform !== 'linux') return undefined;
  const path = join(dataFolder, 'run');
  const folder = await openFolder(path);
  if (!folder) return undefined;
  try {
    // Reached through the open folder: a socket's path may have at most 107 bytes.
    const hold = await greeted(connect(`/proc/self/fd/${folder.fd}/holders.sock`), dataFolder);
    // A user who may write to the folder could have put a socket of their own there.
    if (hold !== undefined && ((await folder.stat()).mode & WRITABLE_BY_OTHERS) !== 0)
      throw new CliError(
        EXIT_CODES.machine,
        `other users may write to ${path}, so it does not prove whose server this is; fix that with: chmod go-w ${path}`,
      );
    await checkPlace(hold, folder, dataFolder);
    return hold;
  } finally {
    await folder.close();
  }
}

/** A copy of hard links has the same socket, and an overlay reaches it too: its server works on another folder. */
async function checkPlace(
  hold: Greeted | 'leaving' | undefined,
  folder: FileHandle,
  dataFolder: string,
): Promise<void> {
  if (hold === undefined || hold === 'leaving' || hold.folder === undefined) return;
  const { dev, ino } = await folder.stat({ bigint: true });
  if (hold.folder === `${dev}:${ino}`) return;
  hold.release();
  throw new CliError(
    EXIT_CODES.machine,
    `${dataFolder} is a copy that shares its files with the data folder of a running server; remove it, and make a copy of its own with slipway backup and slipway restore`,
  );
}

/** A hold, and the folder that its server works on; undefined from a server of an earlier version. */
interface Greeted extends ServerHold {
  folder: string | undefined;
}

function greeted(socket: Socket, dataFolder: string): Promise<Greeted | 'leaving' | undefined> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    let words = '';
    const patience = setTimeout(() => {
      socket.destroy();
      const seconds = READY_LIMIT_MS / 1000;
      reject(
        new CliError(
          EXIT_CODES.machine,
          `the server of the data folder ${dataFolder} has not been ready for ${seconds} seconds; see its log, or stop it`,
        ),
      );
    }, READY_LIMIT_MS);
    socket.once('connect', () => {
      isConnected = true;
    });
    socket
      .on('error', () => undefined)
      .once('close', () => {
        clearTimeout(patience);
        resolve(isConnected ? 'leaving' : undefined);
      });
    socket.setEncoding('utf8').on('data', (text: string) => {
      words += text;
      if (!words.includes('\n')) return;
      clearTimeout(patience);
      // The connection must not keep the command from ending.
      socket.unref();
      const { Endpoint, Embedded, Folder } = JSON.parse(words) as {
        Endpoint: string;
        Embedded: boolean;
        Folder?: string;
      };
      resolve({
        endpoint: Endpoint,
        embedded: Embedded,
        folder: Folder,
        gone: () => socket.closed,
        release: () => socket.destroy(),
      });
    });
  });
}

async function openFolder(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch {
    // It does not exist, or this user may not enter it: there is nothing to hold either way.
    return undefined;
  }
}
