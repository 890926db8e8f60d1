import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { committedEnd } from '@slipway/logbook';
import { lockFile } from './backup-lock.ts';
import { type BackupTarget, ContentDiffers } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { type DataFile, listData } from './list-data.ts';
import { type BackupFile, isLink, type Manifest } from './manifest.ts';
import { copyDatabase, forgetServerSecrets, Snapshot } from './snapshot-store.ts';

/** What a backup did. */
export interface BackupMade {
  name: string;
  createdMs: number;
  files: number;
  sizeBytes: number;
  /** How much of it was not in an earlier backup. */
  storedBytes: number;
  /** Contents that the database names, and that are missing or damaged in the data folder. */
  problems: string[];
}

export interface BackupMeans {
  root: string;
  target: BackupTarget;
  /** A place for the copy of the database, removed at the end. */
  scratch: string;
  /** The file of the key, if it is part of the backup. */
  secretKeyFile: string | undefined;
  version: string;
  now: () => number;
  say: (text: string) => void;
}

const DATABASE = 'db/slipway.sqlite';
const WAIT_MS = 250;
/** The server's garbage collection waits for pushes, for at most ten minutes. */
const LOCK_LIMIT_MS = 15 * 60_000;

/**
 * Copies a data folder to a backup while its server runs. The database is copied first, as it is at one moment; then everything that
 * it names. Meanwhile the server removes nothing. Throws `BackupRefused`.
 */
export async function makeBackup(means: BackupMeans): Promise<BackupMade> {
  const { root, target, scratch } = means;
  let lock: Disposable | undefined;
  try {
    lock = await stopRemovals(root, means.say);
    rmSync(scratch, { force: true });
    copyDatabase(join(root, DATABASE), scratch);
    if (means.secretKeyFile === undefined) forgetServerSecrets(scratch);
    const snapshot = new Snapshot(scratch);
    try {
      return await copyContents(means, snapshot);
    } finally {
      snapshot.close();
    }
  } finally {
    rmSync(scratch, { force: true });
    await target.close();
    lock?.[Symbol.dispose]();
  }
}

async function copyContents(means: BackupMeans, snapshot: Snapshot): Promise<BackupMade> {
  const { root, target, scratch, secretKeyFile } = means;
  const copier = new Copier(target);
  const createdMs = means.now();
  await copier.copy(scratch, DATABASE);
  for (const file of listData(root, snapshot)) await copier.take(root, file);
  await copier.copy(join(root, 'root.json'), 'root.json');
  if (secretKeyFile !== undefined) await copier.copy(secretKeyFile, 'secret.key');
  const { InstanceId: instanceId } = JSON.parse(readFileSync(join(root, 'root.json'), 'utf8')) as {
    InstanceId: string;
  };
  const secretKey = secretKeyFile !== undefined;
  const migrations = snapshot.migrations();
  const head = { slipwayBackup: 1 as const, version: means.version, createdMs, instanceId, migrations, secretKey };
  const name = await target.finish({ head, files: copier.files });
  const sizeBytes = copier.files.reduce((sum, file) => sum + (isLink(file) ? 0 : file.sizeBytes), 0);
  return {
    name,
    createdMs,
    files: copier.files.length,
    sizeBytes,
    storedBytes: copier.storedBytes,
    problems: copier.problems,
  };
}

class Copier {
  readonly files: Manifest['files'] = [];
  readonly problems: string[] = [];
  storedBytes = 0;
  readonly #target: BackupTarget;
  readonly #earlier = new Map<string, BackupFile>();

  constructor(target: BackupTarget) {
    this.#target = target;
    for (const file of target.earlier[0]?.files ?? []) if (!isLink(file)) this.#earlier.set(file.path, file);
  }

  async take(root: string, file: DataFile): Promise<void> {
    const { kind, path } = file;
    if (kind === 'link') this.files.push({ path, text: file.text });
    else if (kind === 'log') await this.#takeLog(root, path);
    else
      await this.copy(join(root, path), path, kind === 'blob' ? { sha256: file.sha256 } : {}).catch(
        (error: unknown) => {
          if (error instanceof ContentDiffers) this.problems.push(`${path} is damaged: ${error.message}`);
          else if (isMissing(error)) this.problems.push(`${path} is missing`);
          else throw error;
        },
      );
  }

  /** `sizeBytes`: how much of the file to copy, if it grows. */
  async copy(from: string, path: string, known: { sha256?: string; sizeBytes?: number } = {}): Promise<void> {
    const stats = statSync(from);
    const modifiedMs = Math.trunc(stats.mtimeMs);
    const sizeBytes = known.sizeBytes ?? stats.size;
    const before = this.#earlier.get(path);
    const isUnchanged =
      known.sizeBytes === undefined && before?.sizeBytes === sizeBytes && before.modifiedMs === modifiedMs;
    const expected = known.sha256 ?? (isUnchanged ? before?.sha256 : undefined);
    if (expected !== undefined && (await this.#target.has(expected, sizeBytes))) {
      this.files.push({ path, sizeBytes, modifiedMs, sha256: expected });
      return;
    }
    const open = () =>
      sizeBytes === 0 ? Readable.from([]) : createReadStream(from, { end: sizeBytes - 1, highWaterMark: CHUNK_BYTES });
    const content = { open, sizeBytes, ...(known.sha256 === undefined ? {} : { sha256: known.sha256 }) };
    const { sha256, isNew } = await this.#target.store(content);
    if (isNew) this.storedBytes += sizeBytes;
    this.files.push({ path, sizeBytes, modifiedMs, sha256 });
  }

  /** A log may be sealed meanwhile: then its hot files are gone, and the sealed ones are complete. */
  async #takeLog(root: string, path: string): Promise<void> {
    const folder = join(root, path);
    const count = this.files.length;
    for (let tries = 1; ; tries++) {
      this.files.length = count;
      try {
        const names = readdirSync(folder)
          .filter((name) => !name.endsWith('.tmp'))
          .sort();
        const isSealed = names.includes('log.idx');
        const end = isSealed || !names.includes('hot.ndjson') ? undefined : await this.#hotEnd(folder);
        for (const name of names) {
          if (isSealed ? name.startsWith('hot.') : name.startsWith('log.')) continue;
          const sizeBytes = name === 'hot.ndjson' ? end?.textBytes : name === 'hot.idx' ? end?.indexBytes : undefined;
          await this.copy(join(folder, name), `${path}/${name}`, sizeBytes === undefined ? {} : { sizeBytes });
        }
        return;
      } catch (error) {
        if (!isMissing(error)) throw error;
        if (tries === LOG_TRIES) {
          this.problems.push(`${path} changed while it was copied`);
          return;
        }
        await sleep(WAIT_MS);
      }
    }
  }

  #hotEnd(folder: string) {
    return committedEnd({ hotText: join(folder, 'hot.ndjson'), hotIndex: join(folder, 'hot.idx') });
  }
}

const LOG_TRIES = 5;
const CHUNK_BYTES = 1024 * 1024;

/** From now on the server removes nothing, until this process ends. */
async function stopRemovals(root: string, say: (text: string) => void): Promise<Disposable> {
  const file = join(root, 'run', 'backup.sqlite');
  if (!existsSync(join(root, 'run'))) throw new BackupRefused(2, `no server has run on ${root} yet`);
  const endMs = performance.now() + LOCK_LIMIT_MS;
  for (let tries = 0; ; tries++) {
    const lock = lockFile(file, 'exclusive');
    if (lock !== undefined) return lock;
    if (tries === 4) say('waiting: the server is removing something, or another backup of this data folder is running');
    if (performance.now() > endMs)
      throw new BackupRefused(
        4,
        `another backup of ${root} has been running for ${LOCK_LIMIT_MS / 60_000} minutes; try again later`,
      );
    await sleep(WAIT_MS);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
