import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupSource } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { eachAtOnce } from './each-at-once.ts';
import { type BackupFile, isLink } from './manifest.ts';
import { digestOf, writeObject } from './object-bytes.ts';
import { syncFileSystem, syncFolder } from './object-folder.ts';
import { PAUSED } from './paused.ts';
import { UNFINISHED } from './unfinished-restore.ts';

/** What a restore wrote. */
export interface BackupRestored {
  files: number;
  sizeBytes: number;
  problems: { path: string; what: string }[];
}

/**
 * Writes a backup to a new or empty folder, each file checked against its digest. Until it is done, the folder has a mark, and no
 * server starts on it; an interrupted restore is continued by the next one. What is damaged in the backup is left out and
 * reported. `paused` also writes the mark that pauses a server. Throws `BackupRefused`.
 */
export async function restoreBackup(
  source: BackupSource,
  root: string,
  { paused = false }: { paused?: boolean } = {},
): Promise<BackupRestored> {
  const mark = join(root, UNFINISHED);
  if (existsSync(root) && readdirSync(root).length > 0 && !existsSync(mark))
    throw new BackupRefused(2, `${root} is not empty; restore into a new or empty folder`);
  if (!source.manifest.files.some(({ path }) => path === 'root.json'))
    throw new BackupRefused(4, `${source.name} has no root.json, so it is not a backup of a data folder`);
  mkdirSync(root, { recursive: true });
  if (existsSync(mark) && readFileSync(mark, 'utf8') !== markText(source))
    throw new BackupRefused(
      2,
      `${root} has an unfinished restore of another backup; finish it, or choose an empty folder`,
    );
  if (!existsSync(mark)) writeFileSync(mark, markText(source), { flush: true });
  if (paused) writeFileSync(join(root, PAUSED), '', { flush: true });
  syncFolder(root);
  const restored: BackupRestored = { files: 0, sizeBytes: 0, problems: [] };
  await eachAtOnce(source.manifest.files, source.atOnce, async (file) => {
    const to = join(root, file.path);
    mkdirSync(dirname(to), { recursive: true, mode: 0o750 });
    if (isLink(file)) writeFileSync(to, file.text);
    else {
      const problem = await restoreFile(source, file, to);
      if (problem !== undefined) return void restored.problems.push({ path: file.path, what: problem });
      restored.sizeBytes += file.sizeBytes;
    }
    restored.files += 1;
  });
  forgetPlace(join(root, 'root.json'));
  await syncFileSystem(root);
  if (!restored.problems.some(({ path }) => NEEDED.has(path))) rmSync(mark);
  syncFolder(root);
  return restored;
}

/** Without them there is no server to start. */
const NEEDED: ReadonlySet<string> = new Set(['root.json', 'db/slipway.sqlite']);

function markText({ manifest: { head } }: BackupSource): string {
  return `${JSON.stringify({ instanceId: head.instanceId, createdMs: head.createdMs })}\n`;
}

/** Returns what is wrong; then there is no file. */
async function restoreFile(source: BackupSource, file: BackupFile, to: string): Promise<string | undefined> {
  if (isThere(file, to)) return undefined;
  const object = await source.find(file.sha256);
  if (object === undefined) return `its content ${file.sha256} is missing`;
  try {
    await writeObject(object, file.sha256, to);
  } finally {
    object.release();
  }
  if (isThere(file, to)) return undefined;
  rmSync(to);
  return `its content is damaged in ${source.name}`;
}

function isThere({ sizeBytes, sha256 }: BackupFile, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.size !== sizeBytes) return false;
  const descriptor = openSync(path, 'r');
  try {
    return digestOf(descriptor, 0, sizeBytes) === sha256;
  } finally {
    closeSync(descriptor);
  }
}

/** Removes the address of the original server: clients that read the file would continue to call it. */
function forgetPlace(file: string): void {
  if (!existsSync(file)) return;
  const account = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, `${JSON.stringify({ ...account, Endpoint: '' }, null, 2)}\n`, { mode: 0o600 });
}
