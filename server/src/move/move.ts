import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '#blob/blob.ts';
import { ForeignStore, readOwner, takeOwnership } from '#blob/owner-mark.ts';
import { laterMigrations, NewerDataFolder, pendingMigrations } from '#db/migrate.ts';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { databaseFault } from './database-fault.ts';
import { compareLogs, hasLogs, moveLogs, unsealedLogs } from './move-logs.ts';
import { compareObjects, moveObjects, type ObjectMeans } from './move-objects.ts';
import { MoveRefused } from './move-refused.ts';
import { differenceOfRows, moveRows, type RowMeans } from './move-rows.ts';
import { MoveTarget } from './move-target.ts';
import { sealedLogRows } from './sealed-log-rows.ts';
import { OBJECT_KINDS } from './source-objects.ts';
import { SourceTables } from './source-tables.ts';

/** What a move is given. */
export interface Move {
  /** The data folder of a stopped server, which nothing starts on meanwhile. */
  root: string;
  /** `postgres://…` */
  to: string;
  /** `s3://…`, and the store that is there. */
  bucket: string;
  blobs: BlobStore;
  restart: boolean;
  withDamage: boolean;
  /** Throws `MoveRefused` unless the secrets key opens this text of the database. */
  checkKey: (sealed: string | undefined) => void;
  /** A remark for people. */
  say: (text: string) => void;
}

/** What a move moved. */
export interface Moved {
  /** Whether an earlier run had done it all. */
  wasComplete: boolean;
  rows: number;
  objects: number;
  logs: number;
  /** Sent by this run. */
  sizeBytes: number;
  /** Values with a NUL character, which was replaced. */
  replaced: string[];
  /** What was damaged in the old folder. */
  damaged: string[];
}

/** How often people are told how far it is. */
const TELL_MS = 10_000;

/**
 * Carries everything of a data folder to PostgreSQL and a bucket, and compares it there. Nothing in the folder changes. It may be
 * interrupted at any moment: the same move then continues. Throws `MoveRefused`, and errors of the store.
 */
export async function moveDataFolder(move: Move): Promise<Moved> {
  const file = checkStopped(move.root);
  const source = new SourceTables(file);
  try {
    const instanceId = checkDatabase(source);
    move.checkKey(source.serverSecret(KEY_CHECK));
    checkLogs(move.root, source);
    const identity = { instanceId, databaseSha256: await digestOf(file), bucket: move.bucket };
    const target = await MoveTarget.open(move.to, identity, {
      restart: move.restart,
      beforeNew: () => checkBucket(move, instanceId),
    });
    try {
      if (!target.isComplete) await takeBucket(move, instanceId);
      return await moveAll(move, { source, target });
    } finally {
      await target.close();
    }
  } catch (error) {
    throw databaseFault(error, move.to);
  } finally {
    source.close();
  }
}

async function moveAll(move: Move, { source, target }: { source: SourceTables; target: MoveTarget }): Promise<Moved> {
  const { root, blobs, withDamage, say } = move;
  const moved: Moved = {
    wasComplete: target.isComplete,
    rows: 0,
    objects: 0,
    logs: 0,
    sizeBytes: 0,
    replaced: [],
    damaged: [],
  };
  const rowMeans: RowMeans = { source, target, replaced: (where: string) => moved.replaced.push(where) };
  if (target.isComplete) {
    await checkComplete(move, rowMeans);
    return moved;
  }
  const tell = teller(say);
  moved.rows = await moveRows(rowMeans);
  say(`${moved.rows} rows are in the database`);
  const means: ObjectMeans = {
    root,
    blobs,
    target,
    withDamage,
    damaged: (what) => moved.damaged.push(what),
    moved: (bytes) => {
      moved.sizeBytes += bytes;
      tell(`${mebibytes(moved.sizeBytes)} are in the bucket`);
    },
  };
  for (const kind of OBJECT_KINDS) moved.objects += (await moveObjects(kind, means)).objects;
  const logMeans = { ...means, rows: sealedLogRows(target.client) };
  moved.logs = await moveLogs(source.logIds(), logMeans);
  say(`${moved.objects} files and ${moved.logs} logs are in the bucket; comparing`);
  await compareLogs(logMeans);
  for (const kind of OBJECT_KINDS) await compareObjects(kind, means);
  const difference = await differenceOfRows(rowMeans);
  if (difference !== undefined)
    throw new MoveRefused(
      4,
      `something else wrote to the database: ${difference}; run the same command with --restart`,
    );
  await target.complete();
  return moved;
}

/** Throws `MoveRefused` unless everything is where an earlier run has moved it, as it was. */
async function checkComplete({ blobs, bucket, say }: Move, rowMeans: RowMeans): Promise<void> {
  say('the database has this instance already; comparing');
  if (!(await hasLogs({ blobs, rows: sealedLogRows(rowMeans.target.client) })))
    throw new MoveRefused(2, `the data folder was moved to this database before, and to another bucket than ${bucket}`);
  const difference = await differenceOfRows(rowMeans);
  if (difference !== undefined)
    throw new MoveRefused(
      4,
      `the data folder was moved to this database before, and a server has used it since (${difference}); to move it once more, drop the database and empty the bucket`,
    );
}

/** Throws `MoveRefused` 4 if a server did not close the database in order. Returns its file. */
function checkStopped(root: string): string {
  const file = join(root, 'db', 'slipway.sqlite');
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new MoveRefused(4, `the server of ${root} did not stop in order; ${AGAIN}`);
  return file;
}

const AGAIN = 'start it once more, wait until /readyz answers 200, and stop it with SIGTERM or Ctrl-C';

/** Throws `MoveRefused` 4 for a database that is damaged or of another version. Returns the id of its instance. */
function checkDatabase(source: SourceTables): string {
  const [damage] = source.damage();
  if (damage !== undefined)
    throw new MoveRefused(4, `the old database is damaged (${damage}); restore a backup, and move that`);
  let pending: string[];
  try {
    const applied = source.migrations();
    pending = pendingMigrations(applied);
    // The rows of columns that only a newer version has would be lost.
    const later = laterMigrations(applied);
    if (later.length > 0) throw new NewerDataFolder(later);
  } catch (error) {
    if (!(error instanceof NewerDataFolder)) throw error;
    throw new MoveRefused(4, `${error.message}; move it with that version`, { cause: error });
  }
  if (pending.length > 0)
    throw new MoveRefused(
      4,
      `an earlier version of Slipway wrote the data folder; start a server of this version on it once, which migrates it, and stop it`,
    );
  const instanceId = source.instanceId();
  if (instanceId === undefined)
    throw new MoveRefused(2, 'the data folder has no instance yet, so there is nothing to move');
  return instanceId;
}

/** Throws `MoveRefused` 4 if builds have not ended, or their logs are not sealed. */
function checkLogs(root: string, source: SourceTables): void {
  const running = source.runningBuilds();
  const [first] = running.length > 0 ? running : unsealedLogs(root, source.logIds());
  if (first !== undefined)
    throw new MoveRefused(
      4,
      `the build ${first} was running when its server ended, and its log is not sealed; ${AGAIN}: it ends what was running`,
    );
}

/** Throws `MoveRefused` 2 if the bucket has something at the place of a new move. */
async function checkBucket({ blobs, bucket }: Move, instanceId: string): Promise<void> {
  const owner = await readOwner(blobs);
  if (owner !== undefined && owner !== instanceId) throw foreignBucket(bucket, `it belongs to the instance ${owner}`);
  for (const prefix of ['logs', ...OBJECT_KINDS.map(({ prefix }) => prefix)])
    for await (const { key } of blobs.list(prefix))
      throw new MoveRefused(
        2,
        `${bucket} is not empty: it has ${key}; name an empty bucket, or another prefix, with --bucket s3://BUCKET/PREFIX`,
      );
}

/** Marks the bucket as a server does. Throws `MoveRefused` 2 if another instance has it. */
async function takeBucket({ blobs, bucket }: Move, instanceId: string): Promise<void> {
  try {
    await takeOwnership(blobs, { instanceId, place: bucket });
  } catch (error) {
    throw error instanceof ForeignStore ? foreignBucket(bucket, error.reason) : error;
  }
}

function foreignBucket(bucket: string, reason: string): MoveRefused {
  const fix = 'name an empty bucket, or another prefix, with --bucket s3://BUCKET/PREFIX';
  return new MoveRefused(2, `${bucket} cannot be used: ${reason}; ${fix}`);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 16 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Tells something at most every few seconds. */
function teller(say: (text: string) => void): (text: string) => void {
  let toldMs = performance.now();
  return (text) => {
    if (performance.now() - toldMs < TELL_MS) return;
    toldMs = performance.now();
    say(text);
  };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
