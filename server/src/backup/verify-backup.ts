import { fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Logbook, type LogbookSettings } from '@slipway/logbook';
import type { BackupObject, BackupSource, LocalBytes } from './backup-place.ts';
import { eachAtOnce } from './each-at-once.ts';
import { blobPath } from './list-data.ts';
import { type BackupFile, isLink } from './manifest.ts';
import { digestOfObject, localObject, writeObject } from './object-bytes.ts';
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
type Report = (path: string, what: string) => void;

/** What the checks share. */
interface Checking {
  source: BackupSource;
  /** A folder for copies of what must be read at any position. */
  scratch: string;
  /** Every path of the backup, and the files whose bytes are sound. */
  paths: Set<string>;
  sound: Map<string, BackupFile>;
  found: BackupVerified;
  report: Report;
}

/**
 * Reads everything that a backup has: each file against its digest, the database by SQLite's own check, each log against its seal,
 * and each image for all its layers. Changes nothing. `scratch` is a folder for a copy of the database.
 */
export async function verifyBackup(source: BackupSource, scratch: string): Promise<BackupVerified> {
  const found: BackupVerified = { files: 0, sizeBytes: 0, logs: 0, images: 0, problems: [] };
  const report = (path: string, what: string) => found.problems.push({ path, what });
  const checking: Checking = { source, scratch, paths: new Set(), sound: new Map(), found, report };
  const logs = new Map<string, BackupFile[]>();
  const others: BackupFile[] = [];
  for (const file of source.manifest.files) {
    found.files += 1;
    checking.paths.add(file.path);
    if (isLink(file)) continue;
    found.sizeBytes += file.sizeBytes;
    const log = LOG_FILE.exec(file.path)?.[1];
    if (log === undefined) others.push(file);
    else logs.set(log, [...(logs.get(log) ?? []), file]);
  }
  for (const needed of ['root.json', 'db/slipway.sqlite'])
    if (!checking.paths.has(needed)) report(needed, 'is not in the backup');
  await verifyFiles(checking, others);
  await verifyLogs(checking, [...logs]);
  const database = checking.sound.get('db/slipway.sqlite');
  if (database !== undefined) await verifyDatabase(checking, database);
  return found;
}

const LOG_FILE = /^(logs\/[^/]+\/[^/]+)\/[^/]+$/;

/** Files with the same bytes are read once. */
async function verifyFiles({ source, sound, report }: Checking, files: readonly BackupFile[]): Promise<void> {
  const damages = new Map<string, Promise<string | undefined>>();
  await eachAtOnce(files, source.atOnce, async (file) => {
    const known = damages.get(file.sha256) ?? readWhole(source, file);
    damages.set(file.sha256, known);
    const damage = await known;
    if (damage === undefined) sound.set(file.path, file);
    else report(file.path, damage);
  });
}

async function readWhole(source: BackupSource, file: BackupFile): Promise<string | undefined> {
  const object = await source.find(file.sha256);
  if (object === undefined) return `its content ${file.sha256} is missing`;
  try {
    return await damageOf(object, file);
  } finally {
    object.release();
  }
}

async function damageOf(object: BackupObject, { sha256, sizeBytes }: BackupFile): Promise<string | undefined> {
  if (object.sizeBytes !== sizeBytes)
    return `it has ${object.sizeBytes} bytes, and must have ${sizeBytes} (${object.where})`;
  const found = await digestOfObject(object);
  return found === sha256 ? undefined : `its SHA-256 is ${found}, and must be ${sha256} (${object.where})`;
}

async function verifyLogs(checking: Checking, logs: readonly [path: string, files: BackupFile[]][]): Promise<void> {
  const { source, sound, found, report } = checking;
  const placed = new Map<string, BackupObject>();
  const logbook = await Logbook.open({ folder: 'logs', disk: diskOf(placed) });
  try {
    await eachAtOnce(logs, source.atOnce, async ([path, files]) => {
      try {
        for (const file of files) {
          const object = await placeLocally(checking, file);
          const damage = typeof object === 'string' ? object : await damageOf(object, file);
          if (typeof object !== 'string') placed.set(file.path, object);
          if (damage === undefined) sound.set(file.path, file);
          else report(file.path, damage);
        }
        if (!files.some((file) => sound.has(file.path))) return;
        found.logs += 1;
        const checked = await logbook.verify(basename(path)).catch((error: unknown) => error as Error);
        if (checked instanceof Error) report(path, checked.message);
        else
          for (const { reason, firstLine, lastLine } of checked?.damage ?? [])
            report(path, firstLine === undefined ? reason : `${reason} (lines ${firstLine} to ${lastLine})`);
      } finally {
        for (const { path: each } of files) {
          placed.get(each)?.release();
          placed.delete(each);
        }
      }
    });
  } finally {
    await logbook.close();
  }
}

/** An object as bytes of a local file, which is a copy without a name where it is elsewhere. Returns what is wrong otherwise. */
async function placeLocally(
  { source, scratch }: Checking,
  { sha256 }: BackupFile,
): Promise<(BackupObject & { local: LocalBytes }) | string> {
  const object = await source.find(sha256);
  if (object === undefined) return `its content ${sha256} is missing`;
  if (object.local !== undefined) return { ...object, local: object.local };
  const folder = mkdtempSync(join(scratch, 'slipway-verify-'));
  try {
    const file = join(folder, 'copy');
    await writeObject(object, sha256, file);
    const descriptor = openSync(file, 'r');
    const { size: sizeBytes } = fstatSync(descriptor);
    const local = { file, descriptor, offsetBytes: 0 };
    return { ...localObject({ ...local, sizeBytes, isOwn: true }), where: object.where, local };
  } finally {
    object.release();
    rmSync(folder, { recursive: true });
  }
}

async function verifyDatabase(checking: Checking, file: BackupFile): Promise<void> {
  const { source, scratch, found, report } = checking;
  const folder = mkdtempSync(join(scratch, 'slipway-verify-'));
  try {
    const copy = join(folder, 'slipway.sqlite');
    const object = await source.find(file.sha256);
    if (object === undefined) return report(file.path, `its content ${file.sha256} is missing`);
    await writeObject(object, file.sha256, copy);
    object.release();
    const snapshot = new Snapshot(copy);
    try {
      for (const line of snapshot.damage()) report(file.path, line);
      for (const logId of snapshot.endedLogIds()) {
        const place = `logs/${logId.slice(0, 2)}/${logId}`;
        if (!checking.paths.has(`${place}/log.idx`) && !checking.paths.has(`${place}/hot.ndjson`))
          report(place, 'the log of this build is not in the backup');
      }
      if (!snapshot.hasImages()) return;
      for (const { repository, digest, blobs } of snapshot.images()) {
        found.images += 1;
        for (const blob of [digest, ...blobs])
          if (!checking.sound.has(blobPath(blob))) report(blobPath(blob), `${repository}@${digest} needs it`);
      }
    } finally {
      snapshot.close();
    }
  } catch (error) {
    // What SQLite says of a damaged database has a code of its own; other failures are not the backup's.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error;
    report(file.path, (error as Error).message);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files that are placed, for a logbook that only reads. */
function diskOf(placed: ReadonlyMap<string, BackupObject>): Disk {
  const refuse = async () => {
    throw new Error('a backup is not written');
  };
  return {
    open(path) {
      const object = placed.get(path);
      const local = object?.local;
      if (object === undefined || local === undefined)
        throw Object.assign(new Error(`${path} is not in the backup`), { code: 'ENOENT' });
      return {
        read: (target, position) => {
          const bytes = Math.max(0, Math.min(target.length, object.sizeBytes - position));
          return readSync(local.descriptor, target, 0, bytes, local.offsetBytes + position);
        },
        sizeBytes: () => object.sizeBytes,
        write: refuse,
        sync: refuse,
        close: () => undefined,
      };
    },
    list: (path) => namesBelow(placed.keys(), path),
    // A logbook makes its folder when it is opened.
    makeFolder: async () => undefined,
    syncFolder: async () => undefined,
    rename: refuse,
    remove: refuse,
    truncate: refuse,
  };
}

function namesBelow(paths: Iterable<string>, folder: string): string[] {
  const names = [...paths].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  return [...new Set(names.map((name) => name.replace(/\/.*/, '')))].sort();
}
