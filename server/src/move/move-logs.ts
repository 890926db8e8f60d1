import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveRef, Logbook, type Verification } from '@slipway/logbook';
import { Semaphore } from '#admission/semaphore.ts';
import { archiveKey, indexKey, newRef, refOfKey } from '#archive/blob-archives.ts';
import { eachAtOnce } from '#backup/each-at-once.ts';
import type { BlobStore, StoredObject } from '#blob/blob.ts';
import { compareBytes } from './move-objects.ts';
import { MoveRefused } from './move-refused.ts';
import type { MoveTarget } from './move-target.ts';
import { putObject } from './put-object.ts';
import type { SourceObject } from './source-objects.ts';
import { StoredSet, type StoredState } from './stored-set.ts';

/** A log, and which archive it is. */
export interface KeptLog {
  logId: string;
  ref: ArchiveRef;
}

/** Where it is written which archive is a log. */
export interface SealedLogRows {
  /** Those of these logs that have an archive. */
  known(logIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of these archives that are logs. */
  archives(refs: readonly ArchiveRef[]): Promise<ReadonlySet<ArchiveRef>>;
  keep(logs: readonly KeptLog[]): Promise<void>;
  /** All of them. */
  each(): AsyncIterable<KeptLog>;
  /** One of them; undefined if there is none. */
  first(): Promise<ArchiveRef | undefined>;
  count(): Promise<number>;
}

/** What logs need to be moved. */
export interface LogMeans {
  root: string;
  blobs: BlobStore;
  target: MoveTarget;
  rows: SealedLogRows;
  withDamage: boolean;
  damaged: (what: string) => void;
  moved: (bytes: number) => void;
}

const AT_ONCE = 16;
const GROUP = 500;
/** Logs of which one statement writes the rows. An interruption repeats at most as many. */
const KEPT_AT_ONCE = 64;
const PART = 'logs';

/** The logs of a folder that are not sealed: a server runs, or was killed. */
export function unsealedLogs(root: string, ids: Iterable<string>): string[] {
  return [...ids].filter((id) => {
    const folder = folderOf(root, id);
    return existsSync(join(folder, 'hot.ndjson')) && !existsSync(join(folder, 'log.idx'));
  });
}

/**
 * Checks each sealed log against its seal, and stores both of its files as they are. A log whose row is there was stored by an earlier
 * run. Returns how many logs there are.
 */
export async function moveLogs(ids: Iterable<string>, means: LogMeans): Promise<number> {
  const { root, rows, target } = means;
  const sealed = [...ids].filter((id) => isStored(root, id)).sort();
  const stored = new StoredSet(await target.progress<StoredState>(PART));
  const turns = new Semaphore(1);
  let moved: MovedLog[] = [];
  /** Writes the rows of the logs that were moved, and what the store has of them. */
  const keep = () =>
    turns.run(async () => {
      const now = moved;
      moved = [];
      for (const { objects } of now) for (const object of objects) stored.add(object);
      await target.note(PART, stored.state, () => rows.keep(now));
    });
  // Each log is read once.
  const logbook = await Logbook.open({ folder: join(root, 'logs'), openLogLimit: AT_ONCE, blockCacheBytes: 0 });
  try {
    for (let from = 0; from < sealed.length; from += GROUP) {
      const group = sealed.slice(from, from + GROUP);
      const known = await rows.known(group);
      const each = async (id: string) => {
        const log = await moveLog(logbook, id, means);
        moved.push(log);
        if (moved.length >= KEPT_AT_ONCE) await keep();
      };
      try {
        await eachAtOnce(
          group.filter((id) => !known.has(id)),
          AT_ONCE,
          each,
        );
      } finally {
        // What was done stays done, also if another log failed.
        await keep();
      }
    }
  } finally {
    await logbook.close();
  }
  const count = await rows.count();
  if (count !== sealed.length)
    throw new MoveRefused(
      4,
      `the database names ${count} sealed logs, and the old folder has ${sealed.length}: something else wrote to the database; run the same command with --restart`,
    );
  return count;
}

/** Whether a store has the logs that the rows name, as far as one of them tells. */
export async function hasLogs({ blobs, rows }: Pick<LogMeans, 'blobs' | 'rows'>): Promise<boolean> {
  const ref = await rows.first();
  return ref === undefined || (await blobs.head(indexKey(ref))) !== undefined;
}

/**
 * Compares which objects the store has with what was moved, and removes what an interrupted run stored without its row. Throws
 * `MoveRefused` if one is missing, or has other bytes.
 */
export async function compareLogs({ root, blobs, rows, target }: LogMeans): Promise<void> {
  const found = new StoredSet();
  let objects: StoredObject[] = [];
  const look = async () => {
    const known = await rows.archives(objects.map(({ key }) => refOfKey(key)));
    for (const object of objects)
      if (known.has(refOfKey(object.key))) found.add(object);
      else await blobs.remove(object.key);
    objects = [];
  };
  for await (const object of blobs.list('logs')) {
    objects.push(object);
    if (objects.length === GROUP) await look();
  }
  await look();
  if (found.equals(new StoredSet(await target.progress<StoredState>(PART)))) return;
  for await (const { logId, ref } of rows.each())
    for (const object of objectsOf(root, logId, ref)) await compareBytes(object, blobs);
}

interface MovedLog extends KeptLog {
  objects: { key: string; sizeBytes: number; etag: string | undefined }[];
}

async function moveLog(logbook: Logbook, logId: string, means: LogMeans): Promise<MovedLog> {
  const found = await logbook.verify(logId).catch((error: unknown) => error as Error);
  const damage = damageOf(found);
  const log = await logbook.open(logId);
  const seal = (await log?.reach())?.seal;
  if (damage !== undefined) refuseDamage(`the log ${logId} is damaged: ${damage}`, means);
  if (seal === undefined)
    throw new MoveRefused(4, `the log ${logId} has no seal; start the old server, which repairs it, and stop it again`);
  const ref = newRef(logId, randomUUID());
  const put = async (object: SourceObject) => {
    const etag = await putObject(object, means);
    means.moved(object.sizeBytes);
    return { key: object.key, sizeBytes: object.sizeBytes, etag };
  };
  return { logId, ref, objects: await Promise.all(objectsOf(means.root, logId, ref).map(put)) };
}

/** The files of a log. */
function objectsOf(root: string, logId: string, ref: ArchiveRef): SourceObject[] {
  const folder = folderOf(root, logId);
  const object = (key: string, file: string) => ({ key, file, sizeBytes: statSync(file).size });
  return [object(archiveKey(ref), join(folder, 'log.ndjson.gz')), object(indexKey(ref), join(folder, 'log.idx'))];
}

function damageOf(found: Verification | Error | undefined): string | undefined {
  if (found instanceof Error) return found.message;
  const [first] = found?.damage ?? [{ reason: 'it is missing' }];
  return first?.reason;
}

function refuseDamage(what: string, { withDamage, damaged }: LogMeans): void {
  damaged(what);
  if (!withDamage)
    throw new MoveRefused(
      4,
      `${what}; repair it on the old server with slipway log verify --repair, or give --with-damage to carry what is damaged as it is`,
    );
}

function isStored(root: string, id: string): boolean {
  return existsSync(join(folderOf(root, id), 'log.idx'));
}

function folderOf(root: string, id: string): string {
  return join(root, 'logs', id.slice(0, 2), id);
}
