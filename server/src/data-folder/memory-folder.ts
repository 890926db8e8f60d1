import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '#settings/config.ts';

/** A data folder that is gone when the server has ended. */
export interface MemoryFolder {
  readonly folder: string;
  /** Removes it. It is also removed if this process is killed. */
  remove(): Promise<void>;
}

const SHARED_MEMORY = '/dev/shm';
// statfs(2): the magic number of tmpfs.
const TMPFS = 0x01021994;
// Its standard input ends with this process, however that ends. Children of a killed server may write a moment longer.
const KEEPER = 'cat >/dev/null; for try in 1 2 3 4 5 6 7 8 9; do rm -rf -- "$1" 2>/dev/null && exit; sleep 0.2; done';

/**
 * Makes a new folder in memory, on the tmpfs at /dev/shm. On a machine without one it is in the folder for temporary
 * files, which may be on a disk.
 */
export function openMemoryFolder(): MemoryFolder {
  const folder = mkdtempSync(join(isWritableMemory(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'slipway-memory-'));
  // In a session of its own, since Ctrl-C ends everything else in the terminal's.
  const keeper: ChildProcess = spawn('sh', ['-c', KEEPER, 'slipway-memory', folder], {
    env: childEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const removed = once(keeper, 'close');
  return {
    folder,
    remove: async () => {
      keeper.stdin?.end();
      await removed;
    },
  };
}

function isWritableMemory(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return statfsSync(path).type === TMPFS;
  } catch {
    return false;
  }
}
