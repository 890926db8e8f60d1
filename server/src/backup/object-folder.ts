/*
 * A backup as a folder, which holds any number of backups of one server:
 *
 *     objects/ab/abcd…             a file's bytes, named by their SHA-256; shared by all backups
 *     backups/TIME.ndjson          a manifest, renamed into place when all its objects are on disk
 *     tmp/                         what an interrupted backup was writing
 *     lock.sqlite                  held by the process that changes the folder
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  createWriteStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { lockFile } from './backup-lock.ts';
import { type BackupSource, type BackupTarget, type Content, ContentDiffers } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import {
  BackupDamaged,
  isLink,
  MANIFEST_NAME,
  type Manifest,
  manifestName,
  manifestText,
  parseManifest,
  SHA256,
} from './manifest.ts';
import { localObject } from './object-bytes.ts';

const PRIVATE = 0o700;
const runFile = promisify(execFile);

/** Opens a backup folder for one more backup, and makes it if it is missing. Throws `BackupRefused` 2 or 4. */
export function openFolderTarget(folder: string): BackupTarget & Required<Pick<BackupTarget, 'keep'>> {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'backups')))
    throw new BackupRefused(
      2,
      `${folder} is not empty and has no backups; name an empty or new folder, or a file that ends in .tar`,
    );
  for (const part of ['.', 'objects', 'backups', 'tmp'])
    mkdirSync(join(folder, part), { recursive: true, mode: PRIVATE });
  const lock = lockFile(join(folder, 'lock.sqlite'), 'exclusive');
  if (lock === undefined) throw new BackupRefused(4, `another backup is writing to ${folder}; wait until it ends`);
  for (const name of readdirSync(join(folder, 'tmp'))) rmSync(join(folder, 'tmp', name));
  const earlier = manifestsOf(folder);
  let count = 0;
  return {
    earlier: earlier.map(({ manifest }) => manifest),
    has: async (sha256) => existsSync(objectFile(folder, sha256)),
    async store(content) {
      const partial = join(folder, 'tmp', String(++count));
      const sha256 = await writeContent(partial, content);
      const file = objectFile(folder, sha256);
      mkdirSync(join(folder, 'objects', sha256.slice(0, 2)), { recursive: true, mode: PRIVATE });
      const isNew = !existsSync(file);
      renameSync(partial, file);
      return { sha256, isNew };
    },
    async finish(manifest) {
      await syncFileSystem(folder);
      const name = manifestName(manifest);
      const partial = join(folder, 'tmp', name);
      writeFileSync(partial, manifestText(manifest), { mode: 0o600, flush: true });
      renameSync(partial, join(folder, 'backups', name));
      syncFolder(join(folder, 'backups'));
      return join(folder, 'backups', name);
    },
    keep: async (newest) => removeOldBackups(folder, newest),
    close: async () => lock[Symbol.dispose](),
  };
}

/** Opens a backup of a folder: the one with this name, or the newest. Throws `BackupRefused` 2, `BackupDamaged`. */
export function openFolderSource(folder: string, name?: string): BackupSource {
  const names = namesOf(folder);
  const chosen = name === undefined ? names.at(-1) : names.find((each) => each === name || each === `${name}.ndjson`);
  if (chosen === undefined)
    throw new BackupRefused(
      2,
      name === undefined
        ? `${folder} has no backup`
        : `${folder} has no backup ${name}; slipway backup list shows its backups`,
    );
  const file = join(folder, 'backups', chosen);
  return {
    name: file,
    manifest: parseManifest(readFileSync(file, 'utf8')),
    atOnce: 1,
    async find(sha256) {
      const object = objectFile(folder, sha256);
      if (!existsSync(object)) return undefined;
      const { size: sizeBytes } = statSync(object);
      return localObject({ file: object, descriptor: openSync(object, 'r'), offsetBytes: 0, sizeBytes, isOwn: true });
    },
    close: () => undefined,
  };
}

/** A backup of a folder or bucket; one that cannot be read has the reason. */
export interface ListedBackup {
  name: string;
  manifest: Manifest | undefined;
  damage?: string;
}

/** The backups of a folder, oldest first. */
export function listFolder(folder: string): ListedBackup[] {
  return namesOf(folder).map((name) => {
    try {
      return { name, manifest: parseManifest(readFileSync(join(folder, 'backups', name), 'utf8')) };
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error;
      return { name, manifest: undefined, damage: error.message };
    }
  });
}

/** Writes content to a new file; returns its SHA-256. Throws `ContentDiffers`; then the file is gone. */
export async function writeContent(file: string, content: Content): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(content.open(), hashed, createWriteStream(file, { flags: 'w', mode: 0o600 }));
  const sha256 = hash.digest('hex');
  if (content.sha256 === undefined || content.sha256 === sha256) return sha256;
  rmSync(file);
  throw new ContentDiffers(`its bytes have the SHA-256 ${sha256}`);
}

/** One call for everything that was written: as durable as a sync of each file, and much faster for many small ones. */
export async function syncFileSystem(path: string): Promise<void> {
  await runFile('sync', ['-f', path]);
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function objectFile(folder: string, sha256: string): string {
  if (!SHA256.test(sha256)) throw new BackupDamaged(`names an object ${JSON.stringify(sha256)}`);
  return join(folder, 'objects', sha256.slice(0, 2), sha256);
}

function namesOf(folder: string): string[] {
  const backups = join(folder, 'backups');
  return existsSync(backups)
    ? readdirSync(backups)
        .filter((name) => MANIFEST_NAME.test(name))
        .sort()
    : [];
}

/** Newest first; those that cannot be read are left out. */
function manifestsOf(folder: string): { name: string; manifest: Manifest }[] {
  return listFolder(folder)
    .flatMap(({ name, manifest }) => (manifest === undefined ? [] : [{ name, manifest }]))
    .reverse();
}

/** Manifests first: if this is killed, objects stay that no backup needs, and the next call removes them. */
function removeOldBackups(folder: string, newest: number): { backups: number; bytes: number } {
  const old = manifestsOf(folder).slice(newest);
  for (const { name } of old) rmSync(join(folder, 'backups', name));
  if (old.length > 0) syncFolder(join(folder, 'backups'));
  // A manifest that cannot be read may still be repaired by hand, so its objects stay: then nothing is removed.
  if (listFolder(folder).some(({ manifest }) => manifest === undefined)) return { backups: old.length, bytes: 0 };
  const needed = new Set(
    manifestsOf(folder).flatMap(({ manifest }) =>
      manifest.files.flatMap((file) => (isLink(file) ? [] : [file.sha256])),
    ),
  );
  let bytes = 0;
  for (const prefix of readdirSync(join(folder, 'objects')))
    for (const name of readdirSync(join(folder, 'objects', prefix)))
      if (!needed.has(name)) {
        const file = join(folder, 'objects', prefix, name);
        bytes += statSync(file).size;
        rmSync(file);
      }
  return { backups: old.length, bytes };
}
