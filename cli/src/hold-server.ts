import { type FileHandle, open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from './cli-error.ts';

/** A hold on the server of a data folder: an embedded one that another command started stays until it is released. */
export interface ServerHold {
  endpoint: string;
  /** It lives only as long as commands use it. */
  embedded: boolean;
  /** Whether the server is gone, also an embedded one. */
  gone(): boolean;
  release(): void;
}

const WRITABLE_BY_OTHERS = 0o022;
const READY_LIMIT_MS = 120_000;

/**
 * Holds on to the server of a data folder by the socket in it (server/src/holders.ts), once it is ready: only the server of
 * this very folder listens there. `leaving` where it is about to end; undefined where there is none. Throws `CliError`.
 */
export async function holdServer(dataFolder: string): Promise<ServerHold | 'leaving' | undefined> {
  if (process.platform !== 'linux') return undefined;
  const path = join(dataFolder, 'run');
  const folder = await openFolder(path);
  if (!folder) return undefined;
  try {
    // Reached by the open folder: the path of a socket may have no more than 107 bytes.
    const hold = await greeted(connect(`/proc/self/fd/${folder.fd}/holders.sock`), dataFolder);
    // Who may write into the folder could have put a socket of his own there.
    if (hold !== undefined && ((await folder.stat()).mode & WRITABLE_BY_OTHERS) !== 0)
      throw new CliError(
        EXIT_CODES.machine,
        `other users may write into ${path}, so it does not show whose server this is; close it: chmod go-w ${path}`,
      );
    return hold;
  } finally {
    await folder.close();
  }
}

function greeted(socket: Socket, dataFolder: string): Promise<ServerHold | 'leaving' | undefined> {
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
      // It must not keep the command from ending.
      socket.unref();
      const { Endpoint, Embedded } = JSON.parse(words) as { Endpoint: string; Embedded: boolean };
      resolve({
        endpoint: Endpoint,
        embedded: Embedded,
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
    // Not there, or not ours to enter: then there is nothing to hold on to either.
    return undefined;
  }
}
