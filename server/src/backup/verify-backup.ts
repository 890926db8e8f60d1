import { mkdtempSync, readSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Logbook, type LogbookSettings } from '@slipway/logbook';
import type { BackupSource } from './backup-place.ts';
import { blobPath } from './list-data.ts';
import { type BackupFile, isLink } from './manifest.ts';
import { digestOf, writeObject } from './object-bytes.ts';
import { Snapshot } from './snapshot-store.ts';

/** A file of the backup, and what is wrong with it. */
export interface Problem {
  path: string;
  what: string;
}

/** What was read, and what is wrong. */
export interface BackupVerified {
  files: number;
  sizeBytes: number;
  logs: number;
  images: number;
  problems: Problem[];
}

type Disk = NonNullable<LogbookSettings['disk']>;

/**
 * Reads everything that a backup has: each file against its digest, the database by SQLite's own check, each log against its seal,
 * and each image for all its layers. Changes nothing. `scratch` is a folder for a copy of the database.
 */
export async function verifyBackup(source: BackupSource, scratch: string): Promise<BackupVerified> {
  const found: BackupVerified = { files: 0, sizeBytes: 0, logs: 0, images: 0, problems: [] };
  const report = (path: string, what: string) => found.problems.push({ path, what });
  const files = new Map<string, BackupFile>();
  const paths = new Set<string>();
  const sound = new Map<string, string | undefined>();
  for (const file of source.manifest.files) {
    found.files += 1;
    paths.add(file.path);
    if (isLink(file)) continue;
    found.sizeBytes += file.sizeBytes;
    if (!sound.has(file.sha256)) sound.set(file.sha256, damageOf(source, file));
    const damage = sound.get(file.sha256);
    if (damage === undefined) files.set(file.path, file);
    else report(file.path, damage);
  }
  for (const needed of ['root.json', 'db/slipway.sqlite'])
    if (!paths.has(needed)) report(needed, 'is not in the backup');
  await verifyLogs(source, files, found, report);
  const database = files.get('db/slipway.sqlite');
  if (database !== undefined) verifyDatabase(source, database, { scratch, files, paths }, found, report);
  return found;
}

type Report = (path: string, what: string) => void;

function damageOf(source: BackupSource, { sha256, sizeBytes }: BackupFile): string | undefined {
  const object = source.find(sha256);
  if (object === undefined) return `its content ${sha256} is missing`;
  try {
    if (object.sizeBytes !== sizeBytes)
      return `it has ${object.sizeBytes} bytes, and must have ${sizeBytes} (${object.file})`;
    const found = digestOf(object.descriptor, object.offsetBytes, object.sizeBytes);
    return found === sha256 ? undefined : `its SHA-256 is ${found}, and must be ${sha256} (${object.file})`;
  } finally {
    source.release(object);
  }
}

async function verifyLogs(
  source: BackupSource,
  files: ReadonlyMap<string, BackupFile>,
  found: BackupVerified,
  report: Report,
): Promise<void> {
  const disk = diskOf(source, files);
  const logbook = await Logbook.open({ folder: 'logs', disk });
  try {
    for (const prefix of disk.list('logs'))
      for (const logId of disk.list(`logs/${prefix}`)) {
        const path = `logs/${prefix}/${logId}`;
        found.logs += 1;
        const checked = await logbook.verify(logId).catch((error: unknown) => error as Error);
        if (checked instanceof Error) report(path, checked.message);
        else
          for (const { reason, firstLine, lastLine } of checked?.damage ?? [])
            report(path, firstLine === undefined ? reason : `${reason} (lines ${firstLine} to ${lastLine})`);
      }
  } finally {
    await logbook.close();
  }
}

function verifyDatabase(
  source: BackupSource,
  file: BackupFile,
  known: { scratch: string; files: ReadonlyMap<string, BackupFile>; paths: ReadonlySet<string> },
  found: BackupVerified,
  report: Report,
): void {
  const folder = mkdtempSync(join(known.scratch, 'slipway-verify-'));
  try {
    const copy = join(folder, 'slipway.sqlite');
    writeObject(source, file, copy);
    const snapshot = new Snapshot(copy);
    try {
      for (const line of snapshot.damage()) report(file.path, line);
      for (const logId of snapshot.endedLogIds()) {
        const place = `logs/${logId.slice(0, 2)}/${logId}`;
        if (!known.paths.has(`${place}/log.idx`) && !known.paths.has(`${place}/hot.ndjson`))
          report(place, 'the log of this build is not in the backup');
      }
      if (!snapshot.hasImages()) return;
      for (const { repository, digest, blobs } of snapshot.images()) {
        found.images += 1;
        for (const blob of [digest, ...blobs])
          if (!known.files.has(blobPath(blob))) report(blobPath(blob), `${repository}@${digest} needs it`);
      }
    } finally {
      snapshot.close();
    }
  } catch (error) {
    report(file.path, (error as Error).message);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The logs of a backup, for a logbook that only reads. */
function diskOf(source: BackupSource, files: ReadonlyMap<string, BackupFile>): Disk {
  const children = new Map<string, Set<string>>();
  for (const path of files.keys())
    for (let at = path; at.includes('/'); at = dirname(at)) {
      const names = children.get(dirname(at)) ?? new Set();
      children.set(dirname(at), names.add(at.slice(dirname(at).length + 1)));
    }
  const refuse = async () => {
    throw new Error('a backup is not written');
  };
  return {
    open(path) {
      const file = files.get(path);
      const object = file && source.find(file.sha256);
      if (object === undefined) throw Object.assign(new Error(`${path} is not in the backup`), { code: 'ENOENT' });
      return {
        read: (target, position) => {
          const bytes = Math.max(0, Math.min(target.length, object.sizeBytes - position));
          return readSync(object.descriptor, target, 0, bytes, object.offsetBytes + position);
        },
        sizeBytes: () => object.sizeBytes,
        write: refuse,
        sync: refuse,
        close: () => source.release(object),
      };
    },
    list: (path) => [...(children.get(path) ?? [])].sort(),
    // A logbook makes its folder when it is opened.
    makeFolder: async () => undefined,
    syncFolder: async () => undefined,
    rename: refuse,
    remove: refuse,
    truncate: refuse,
  };
}
