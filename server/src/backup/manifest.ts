/*
 * The manifest of a backup: what the data folder had, as lines of JSON. The first line is the head; then one line for each file;
 * the last line has the number of files and the SHA-256 of everything before it, so a manifest that was cut or changed is detected.
 * A file's bytes are an object, named by their SHA-256. Distribution's links are a few bytes each, and are in the manifest itself.
 */
import { createHash } from 'node:crypto';

/** What a backup is of. */
export interface BackupHead {
  /** The version of this format. */
  slipwayBackup: 1;
  /** The version of Slipway that made it. */
  version: string;
  createdMs: number;
  instanceId: string;
  /** The migrations of its database. */
  migrations: string[];
  /** Whether it has the key of the secrets in the database. */
  secretKey: boolean;
}

/** A file, by its path in the data folder. */
export interface BackupFile {
  path: string;
  sizeBytes: number;
  /** Of the file in the data folder: an unchanged file is not read again. */
  modifiedMs: number;
  sha256: string;
}

/** A file whose content is in the manifest. */
export interface BackupLink {
  path: string;
  text: string;
}

export interface Manifest {
  head: BackupHead;
  files: (BackupFile | BackupLink)[];
}

/** The backup is not whole, was changed, or is not one. The message can follow the name of its file. */
export class BackupDamaged extends Error {}

/** Names of manifests, which sort by their time. */
export const MANIFEST_NAME = /^\d{8}T\d{9}Z\.ndjson$/;
export const SHA256 = /^[0-9a-f]{64}$/;
const PATH =
  /^(root\.json|secret\.key|db\/slipway\.sqlite|(logs|blobs|registry\/storage)(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+)$/;
const LINK_LIMIT_BYTES = 200;

export function isLink(file: BackupFile | BackupLink): file is BackupLink {
  return 'text' in file;
}

export function manifestName({ head }: Manifest): string {
  return `${new Date(head.createdMs).toISOString().replaceAll(/[-:.]/g, '')}.ndjson`;
}

export function manifestText({ head, files }: Manifest): string {
  const text = [head, ...files].map((line) => `${JSON.stringify(line)}\n`).join('');
  return `${text}${JSON.stringify({ files: files.length, sha256: digestOf(text) })}\n`;
}

/** Throws `BackupDamaged`. A path that leads out of the data folder is damage too: a backup may come from anywhere. */
export function parseManifest(text: string): Manifest {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const body = text.slice(0, end);
  const last = parseLine(text.slice(end)) as { files?: unknown; sha256?: unknown };
  if (last.sha256 !== digestOf(body)) throw new BackupDamaged('is cut or was changed: its checksum does not match');
  const [head, ...files] = body.trimEnd().split('\n').map(parseLine);
  if ((head as Partial<BackupHead> | undefined)?.slipwayBackup !== 1)
    throw new BackupDamaged('has a format that this version of Slipway does not know');
  for (const file of files)
    if (!isFile(file))
      throw new BackupDamaged(`names a file that cannot be in a backup: ${JSON.stringify(file).slice(0, 200)}`);
  return { head: head as BackupHead, files: files as Manifest['files'] };
}

function isFile(value: unknown): value is BackupFile | BackupLink {
  const { path, text, sha256, sizeBytes } = (value ?? {}) as Record<string, unknown>;
  if (typeof path !== 'string' || !PATH.test(path)) return false;
  if (typeof text === 'string') return text.length <= LINK_LIMIT_BYTES;
  return typeof sha256 === 'string' && SHA256.test(sha256) && Number.isSafeInteger(sizeBytes) && Number(sizeBytes) >= 0;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new BackupDamaged('is cut or was changed: a line of it is not JSON', { cause });
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
