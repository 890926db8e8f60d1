import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupSource, BackupTarget } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { BackupDamaged } from './manifest.ts';
import { openFolderSource, openFolderTarget } from './object-folder.ts';
import { openTarSource, openTarTarget } from './tar-file.ts';

/** Opens a backup for reading: a file, or a backup of a folder. What it does not have itself is looked for in `since`. */
export function openSource(
  place: string,
  options: { name?: string | undefined; since: readonly string[] },
): BackupSource {
  const own = open(place, options.name);
  const others = options.since.map((each) => open(each));
  const owners = new Map<object, BackupSource>();
  return {
    name: own.name,
    manifest: own.manifest,
    find(sha256) {
      for (const source of [own, ...others]) {
        const object = source.find(sha256);
        if (object === undefined) continue;
        owners.set(object, source);
        return object;
      }
      return undefined;
    },
    release(object) {
      owners.get(object)?.release(object);
      owners.delete(object);
    },
    close: () => {
      for (const source of [own, ...others]) source.close();
    },
  };
}

/** Opens a file or folder for a new backup: a name that ends in .tar is a file, any other name a folder. */
export function openTarget(
  place: string,
  since: readonly string[],
): BackupTarget & { keep?(count: number): { backups: number; bytes: number } } {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? !place.endsWith('.tar');
  if (!isFolder)
    return openTarTarget(
      place,
      since.map((each) => open(each)),
    );
  if (since.length > 0)
    throw new BackupRefused(
      2,
      '--since is only for .tar files; backups in a folder always share what they have in common',
    );
  return openFolderTarget(place);
}

/** Where the copy of the database is made: on the disk of the backup, never on that of the server. */
export function scratchOf(place: string): string {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? join(place, 'tmp', 'database')
    : `${place}.database`;
}

function open(place: string, name?: string): BackupSource {
  const stats = statSync(place, { throwIfNoEntry: false });
  if (stats === undefined) throw new BackupRefused(2, `there is no backup ${place}`);
  try {
    if (stats.isDirectory()) return openFolderSource(place, name);
    if (name !== undefined) throw new BackupRefused(2, `${place} is one backup; --at is for a backup folder`);
    return openTarSource(place);
  } catch (error) {
    if (error instanceof BackupDamaged) throw new BackupRefused(4, `${place} ${error.message}`, { cause: error });
    throw error;
  }
}
