import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveRef, type ArchiveStore, Logbook, type Verification } from '@slipway/logbook';
import { refOfKey } from '#archive/blob-archives.ts';
import { eachAtOnce } from '#backup/each-at-once.ts';
import type { BlobStore } from '#blob/blob.ts';
import { MoveRefused } from './move-refused.ts';

/** Where it is written which archive is a log. */
export interface SealedLogRows {
  /** Those of these logs that have an archive. */
  known(logIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of these archives that are logs. */
  archives(refs: readonly ArchiveRef[]): Promise<ReadonlySet<ArchiveRef>>;
  keep(logId: string, ref: ArchiveRef): Promise<void>;
  /** One of them; undefined if there is none. */
  first(): Promise<ArchiveRef | undefined>;
  count(): Promise<number>;
}

/** What logs need to be moved. */
export interface LogMeans {
  root: string;
  blobs: BlobStore;
  archives: ArchiveStore;
  rows: SealedLogRows;
  withDamage: boolean;
  damaged: (what: string) => void;
  moved: (bytes: number) => void;
}

const AT_ONCE = 16;
const GROUP = 500;

/** The logs of a folder that are not sealed: a server runs, or was killed. */
export function unsealedLogs(root: string, ids: Iterable<string>): string[] {
  return [...ids].filter((id) => {
    const folder = folderOf(root, id);
    return existsSync(join(folder, 'hot.ndjson')) && !existsSync(join(folder, 'log.idx'));
  });
}

/**
 * Checks each sealed log against its seal, and stores both of its files as they are. The store compares what it has. A log whose row
 * is there was stored by an earlier run. Returns how many logs there are.
 */
export async function moveLogs(ids: Iterable<string>, means: LogMeans): Promise<number> {
  const { root, rows } = means;
  const sealed = [...ids].filter((id) => isStored(root, id)).sort();
  const logbook = await Logbook.open({ folder: join(root, 'logs') });
  try {
    for (let from = 0; from < sealed.length; from += GROUP) {
      const group = sealed.slice(from, from + GROUP);
      const known = await rows.known(group);
      await eachAtOnce(
        group.filter((id) => !known.has(id)),
        AT_ONCE,
        (id) => moveLog(logbook, id, means),
      );
    }
  } finally {
    await logbook.close();
  }
  const stored = await rows.count();
  if (stored !== sealed.length)
    throw new MoveRefused(
      4,
      `the database names ${stored} sealed logs, and the old folder has ${sealed.length}: something else wrote to the database; run the same command with --restart`,
    );
  return stored;
}

/** Whether a store has the logs that the rows name, as far as one of them tells. */
export async function hasLogs({ blobs, rows }: Pick<LogMeans, 'blobs' | 'rows'>): Promise<boolean> {
  const ref = await rows.first();
  return ref === undefined || (await blobs.head(`${ref}.idx`)) !== undefined;
}

/** Removes what an interrupted run stored without its row. */
export async function removeLeftArchives({ blobs, rows }: LogMeans): Promise<void> {
  let keys: string[] = [];
  const look = async () => {
    const known = await rows.archives(keys.map(refOfKey));
    for (const key of keys) if (!known.has(refOfKey(key))) await blobs.remove(key);
    keys = [];
  };
  for await (const { key } of blobs.list('logs')) {
    keys.push(key);
    if (keys.length === GROUP) await look();
  }
  await look();
}

async function moveLog(logbook: Logbook, id: string, means: LogMeans): Promise<void> {
  const found = await logbook.verify(id).catch((error: unknown) => error as Error);
  const damage = damageOf(found);
  const log = await logbook.open(id);
  const seal = (await log?.reach())?.seal;
  if (damage !== undefined) refuseDamage(`the log ${id} is damaged: ${damage}`, means);
  if (seal === undefined)
    throw new MoveRefused(4, `the log ${id} has no seal; start the old server, which repairs it, and stop it again`);
  const folder = folderOf(means.root, id);
  const archivePath = join(folder, 'log.ndjson.gz');
  const ref = await means.archives.put(id, { seal, archivePath, indexPath: join(folder, 'log.idx') });
  await means.rows.keep(id, ref);
  means.moved(seal.archiveBytes);
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
