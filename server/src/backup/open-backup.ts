import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseS3Place, type S3Access, s3Text } from '#blob/s3/s3-place.ts';
import { openS3Store } from '#blob/s3/s3-store.ts';
import type { BackupSource, BackupTarget } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { BackupDamaged } from './manifest.ts';
import { type ListedBackup, listFolder, openFolderSource, openFolderTarget } from './object-folder.ts';
import { listStore, openStoreSource, openStoreTarget } from './object-store.ts';
import { openTarSource, openTarTarget } from './tar-file.ts';

/** Opens a backup for reading: a file, or a backup of a folder or bucket. What it does not have itself is looked for in `since`. */
export async function openSource(
  place: string,
  options: { name?: string | undefined; since: readonly string[]; s3?: S3Access | undefined },
): Promise<BackupSource> {
  const own = await open(place, options);
  const others = await Promise.all(options.since.map((each) => open(each, { s3: options.s3 })));
  const sources = [own, ...others];
  return {
    name: own.name,
    manifest: own.manifest,
    atOnce: Math.max(...sources.map(({ atOnce }) => atOnce)),
    async find(sha256) {
      for (const source of sources) {
        const object = await source.find(sha256);
        if (object !== undefined) return object;
      }
      return undefined;
    },
    close: () => {
      for (const source of sources) source.close();
    },
  };
}

/** Opens a place for a new backup: `s3://…` is in a bucket, a name that ends in .tar a file, any other a folder. */
export async function openTarget(place: string, since: readonly string[], s3?: S3Access): Promise<BackupTarget> {
  const bucket = parseS3Place(place);
  const isFolder = bucket ?? statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? !place.endsWith('.tar');
  if (!isFolder) return openTarTarget(place, await Promise.all(since.map((each) => open(each, { s3 }))));
  if (since.length > 0)
    throw new BackupRefused(
      2,
      '--since is only for .tar files; backups in a folder or bucket always share what they have in common',
    );
  if (bucket === undefined) return openFolderTarget(place);
  const store = await openS3Store(bucket, s3 ?? { pathStyle: false });
  return openStoreTarget(store, s3Text(bucket));
}

/** The backups of a folder or bucket, oldest first; one that cannot be read has the reason. */
export async function listBackups(place: string, s3?: S3Access): Promise<ListedBackup[]> {
  const bucket = parseS3Place(place);
  if (bucket !== undefined) {
    const store = await openS3Store(bucket, s3 ?? { pathStyle: false });
    try {
      return await listStore(store);
    } finally {
      store.close();
    }
  }
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory())
    throw new BackupRefused(2, `${place} is not a backup folder`);
  return listFolder(place);
}

/**
 * Where the copy of the database is made: on the disk of the backup, never on that of the server; for a bucket, in a folder among the
 * temporary files, which `temporary` makes.
 */
export function scratchOf(place: string, temporary: () => string): string {
  if (parseS3Place(place) !== undefined) return join(temporary(), 'database');
  return statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? join(place, 'tmp', 'database')
    : `${place}.database`;
}

async function open(
  place: string,
  { name, s3 }: { name?: string | undefined; s3?: S3Access | undefined },
): Promise<BackupSource> {
  const bucket = parseS3Place(place);
  try {
    if (bucket !== undefined)
      return await openStoreSource(await openS3Store(bucket, s3 ?? { pathStyle: false }), s3Text(bucket), name);
    const stats = statSync(place, { throwIfNoEntry: false });
    if (stats === undefined) throw new BackupRefused(2, `there is no backup ${place}`);
    if (stats.isDirectory()) return openFolderSource(place, name);
    if (name !== undefined) throw new BackupRefused(2, `${place} is one backup; --at is for a backup folder or bucket`);
    return openTarSource(place);
  } catch (error) {
    if (error instanceof BackupDamaged) throw new BackupRefused(4, `${place} ${error.message}`, { cause: error });
    throw error;
  }
}
