import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from './backup-lock.ts';

const START = 'slipway-backup-scratch-';
const LOCK = 'lock';

/** A folder for copies that only one process needs, among the temporary files. */
export interface ScratchFolder {
  path: string;
  remove(): void;
}

/** Makes one, and removes those of this user that processes left when they were killed: each may have a copy of a database. */
export function makeScratchFolder(parent: string): ScratchFolder {
  removeLeft(parent);
  for (;;) {
    const path = mkdtempSync(join(parent, START));
    const lock = lockFile(join(path, LOCK), 'exclusive');
    // Another process took it for one that was left, in the moment before it was locked.
    if (lock === undefined) continue;
    return {
      path,
      remove() {
        lock[Symbol.dispose]();
        rmSync(path, { recursive: true, force: true });
      },
    };
  }
}

function removeLeft(parent: string): void {
  const uid = process.getuid?.();
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(START)) continue;
    const path = join(parent, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const file = join(path, LOCK);
    if (!stats?.isDirectory() || stats.uid !== uid || !lstatSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const lock = lockFile(file, 'exclusive');
    if (lock === undefined) continue;
    rmSync(path, { recursive: true, force: true });
    lock[Symbol.dispose]();
  }
}
