import { chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * Takes a lock that the kernel frees when this process ends in any way: many may share it, or one may have it alone. Undefined if it
 * is taken. The file stays.
 */
export function lockFile(file: string, kind: 'shared' | 'exclusive'): Disposable | undefined {
  const isNew = !existsSync(file);
  const lock = new DatabaseSync(file);
  try {
    if (isNew && process.getuid?.() === 0) {
      const { uid, gid } = statSync(dirname(file));
      chownSync(file, uid, gid);
    }
    lock.exec(`pragma journal_mode = memory; begin ${kind === 'exclusive' ? 'exclusive' : ''}`);
    // A transaction takes its shared lock when it first reads.
    if (kind === 'shared') lock.prepare('select count(*) from sqlite_schema').get();
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/**
 * Keeps removals apart from backups of the same data folder, in any process: a backup copies what the database named when it
 * began.
 */
export class Removals {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Removes something, unless a backup is being made: then returns undefined, and the next sweep removes it. */
  readonly unlessBackup = async <Result>(remove: () => Promise<Result>): Promise<Result | undefined> => {
    const lock = lockFile(this.#file, 'shared');
    if (lock === undefined) return undefined;
    try {
      return await remove();
    } finally {
      lock[Symbol.dispose]();
    }
  };
}
