import { type FileHandle, open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

/** A hold on an embedded server that another command started: it stays until the hold is released. */
export interface ServerHold {
  /** Whether the server is gone all the same. */
  gone(): boolean;
  release(): void;
}

/**
 * Holds on to the embedded server of a data folder (server/src/holders.ts), once it is ready. `leaving` where it is about to
 * end; undefined where there is none: the folder has no server, or one that runs by itself.
 */
export async function holdServer(dataFolder: string): Promise<ServerHold | 'leaving' | undefined> {
  if (process.platform !== 'linux') return undefined;
  const folder = await openFolder(join(dataFolder, 'run'));
  if (!folder) return undefined;
  try {
    // Reached by the open folder: the path of a socket may have no more than 107 bytes.
    const socket = connect(`/proc/self/fd/${folder.fd}/holders.sock`);
    return await greeted(socket);
  } finally {
    await folder.close();
  }
}

function greeted(socket: Socket): Promise<ServerHold | 'leaving' | undefined> {
  return new Promise((resolve) => {
    let isConnected = false;
    socket.once('connect', () => {
      isConnected = true;
    });
    socket.on('error', () => undefined).once('close', () => resolve(isConnected ? 'leaving' : undefined));
    socket.once('data', () => {
      // It must not keep the command from ending.
      socket.unref();
      resolve({ gone: () => socket.closed, release: () => socket.destroy() });
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
