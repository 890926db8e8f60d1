import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { BackupTarget } from '#backup/backup-place.ts';
import { makeScratchFolder, type ScratchFolder } from '#backup/scratch-folder.ts';

/*
 * What a command on files leaves behind when it ends, by itself or by a signal: no copy of the database, and no lock. After a SIGKILL,
 * the next command removes both.
 */

const CANCELLED = 130;

let scratch: ScratchFolder | undefined;
let opening: Promise<BackupTarget> | undefined;
let isStopping = false;

/** A folder among the temporary files that is made when it is first needed. */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const made = makeScratchFolder(tmpdir());
    process.once('exit', () => made.remove());
    scratch = made;
  }
  return scratch.path;
}

export function removeAtEnd(file: string): string {
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}

/** A target whose lock a signal releases, from the moment when it is taken. */
export function opened(target: Promise<BackupTarget>): Promise<BackupTarget> {
  opening = target;
  return target;
}

/** `say` is called with what could not be released. A second signal ends the process at once. */
export function endOnSignals(say: (text: string) => void): void {
  const stop = async () => {
    isStopping = true;
    try {
      const target = await opening;
      await (target?.abandon ?? target?.close)?.();
    } catch (error) {
      say(`the lock of the backup was not released: ${(error as Error).message}`);
    }
    process.exit(CANCELLED);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** Whether a signal came: then what fails fails because of it. */
export function wasStopped(): boolean {
  return isStopping;
}
