import { execFile } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Prefix of folders that are being made or removed. */
export const WORK_PREFIX = 'making-';
const ABANDONED_MS = 24 * 3_600_000;

/**
 * Sibling folders of one kind in the folder `place`. One is current: the link `link` leads to it. Each has the file
 * `mark`.
 */
export interface FolderKind {
  place: string;
  link: string;
  mark: string;
}

/** The current folder of a kind. */
export function findCurrent({ place, link, mark }: FolderKind): string | undefined {
  const current = join(place, link);
  return existsSync(join(current, mark)) ? realpathSync(current) : undefined;
}

/**
 * Gives a finished folder its name and makes it the current one. The name says that the folder is whole, so its files
 * are synced to the disk first.
 */
export async function publishFolder(made: string, folder: string, kind: FolderKind): Promise<string> {
  await run('sync', ['-f', made]);
  if (!existsSync(folder)) renameSync(made, folder);
  return makeCurrent(folder, kind);
}

/** Makes a folder the current one. The previous one stays until the next update; others stay while a box uses them. */
export function makeCurrent(folder: string, kind: FolderKind): string {
  const before = findCurrent(kind);
  const made = join(kind.place, `${kind.link}.${process.pid}`);
  rmSync(made, { force: true });
  symlinkSync(folder, made);
  renameSync(made, join(kind.place, kind.link));
  removeOld(kind, [folder, before]);
  return folder;
}

/** Removes the folders of a kind that are neither current nor used by a box; returns those removed and those kept. */
export function pruneFolders(kind: FolderKind): { removed: string[]; inUse: string[] } {
  return removeOld(kind, [findCurrent(kind)]);
}

/** Removes the folders of a kind that are not among `keep`, except those that a box uses. */
function removeOld(kind: FolderKind, keep: readonly (string | undefined)[]): { removed: string[]; inUse: string[] } {
  const old = listFolders(kind).filter((path) => !keep.includes(path));
  if (old.length === 0) return { removed: [], inUse: [] };
  const mounted = listMountedNames();
  const inUse = old.filter((path) => mounted.has(basename(path)));
  const removed = old.filter((path) => !inUse.includes(path));
  for (const path of removed) removeFolder(path);
  return { removed, inUse };
}

/** Removes what a killed command left of a folder that it was making or removing. */
export function pruneAbandoned({ place }: Pick<FolderKind, 'place'>): void {
  for (const name of existsSync(place) ? readdirSync(place) : []) {
    const path = join(place, name);
    if (name.startsWith(WORK_PREFIX) && Date.now() - statSync(path).mtimeMs > ABANDONED_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

function listFolders({ place, mark }: FolderKind): string[] {
  if (!existsSync(place)) return [];
  const paths = readdirSync(place).map((name) => join(place, name));
  return paths.filter(
    (path) =>
      !basename(path).startsWith(WORK_PREFIX) && !lstatSync(path).isSymbolicLink() && existsSync(join(path, mark)),
  );
}

/** The names of folders that some process of the machine has mounted: boxes have mounts of their own. */
function listMountedNames(): Set<string> {
  const names = new Set<string>();
  // The fourth field is the mounted folder of a file system (https://docs.kernel.org/filesystems/proc.html).
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    for (const line of readMounts(pid)) names.add(basename(line.split(' ')[3] ?? ''));
  return names;
}

function readMounts(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
  } catch (error) {
    // The process has ended, or is a zombie.
    if (['ENOENT', 'ESRCH', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Renamed first: nobody may take a half-removed folder for a whole one. */
function removeFolder(path: string): void {
  const gone = join(dirname(path), `${WORK_PREFIX}gone-${basename(path)}`);
  renameSync(path, gone);
  rmSync(gone, { recursive: true, force: true });
}
