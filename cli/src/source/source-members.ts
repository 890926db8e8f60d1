import { isUtf8 } from 'node:buffer';
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { SourceMember } from '../tar/member-header.ts';
import { listSourceFiles } from './list-source-files.ts';

/** A file, link or folder of a source. */
export interface FolderMember extends SourceMember {
  full: string;
  /** Two members of one path with the same mark are taken as the same. Empty if that cannot be known. */
  mark: string;
}

/** What a folder holds, in the order of its archive. */
export interface FolderMembers {
  members: FolderMember[];
  /** Paths of sockets, pipes and devices, which were left out. */
  special: string[];
}

/** The times of some file systems are so coarse: a file that changed since may change again without another time. */
const COARSE_MS = 2000;

/** The name in the archive of each file that has several names, by device and inode. */
type FirstNames = Map<string, string>;

/** Lists a folder as its build will see it: links as links, without owners. Throws `CliError` for one that cannot be read. */
export async function readMembers(folder: string, dockerfile: string): Promise<FolderMembers> {
  const surelyBeforeMs = Date.now() - COARSE_MS;
  const { paths, special } = await listSourceFiles(folder, dockerfile);
  const names: FirstNames = new Map();
  return { members: paths.map((path) => memberOf(join(folder, path), path, { names, surelyBeforeMs })), special };
}

function memberOf(
  full: string,
  path: string,
  { names, surelyBeforeMs }: { names: FirstNames; surelyBeforeMs: number },
): FolderMember {
  const stats = orChanged(full, () => lstatSync(full));
  const kind = kindOf(full, path, stats, names);
  const mark = markOf(stats, kind.target, surelyBeforeMs);
  const sizeBytes = kind.type === 'file' ? stats.size : 0;
  return { path, full, mark, ...kind, mode: modeOf(stats), mtimeSeconds: Math.floor(stats.mtimeMs / 1000), sizeBytes };
}

/**
 * Changes almost always when the content of a file does; empty if that is not known. Programs can choose the time of the
 * content, but hardly that of the inode. A file system has no such time of its own if both are the same whole second. A
 * program that writes through a mapping (`mmap`) into a page that waits to be written to disk changes neither.
 */
export function markOf(
  { mode, size, mtimeMs, ctimeMs, ino }: Pick<Stats, 'mode' | 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>,
  target: string,
  surelyBeforeMs: number,
): string {
  const isOneTime = mtimeMs === ctimeMs && mtimeMs % 1000 === 0;
  const isSure = mtimeMs < surelyBeforeMs && ctimeMs < surelyBeforeMs && !isOneTime;
  return isSure ? `${mode} ${size} ${mtimeMs} ${ctimeMs} ${ino} ${target}` : '';
}

function kindOf(full: string, path: string, stats: Stats, names: FirstNames): Pick<SourceMember, 'type' | 'target'> {
  if (stats.isSymbolicLink()) {
    const target = targetOf(full);
    return { type: 'symlink', target: isWindows() ? target.replaceAll('\\', '/') : target };
  }
  if (stats.isDirectory()) return { type: 'directory', target: '' };
  if (!stats.isFile()) throw changed(full);
  const first = stats.nlink > 1 ? firstName(full, path, names) : path;
  return first === path ? { type: 'file', target: '' } : { type: 'link', target: first };
}

function targetOf(link: string): string {
  const bytes = orChanged(link, () => readlinkSync(link, 'buffer'));
  if (!isUtf8(bytes)) throw new CliError(EXIT_CODES.usage, `the link ${link} leads to a name that is not UTF-8`);
  return bytes.toString();
}

/** Inode numbers can be larger than a plain number can hold. */
function firstName(full: string, path: string, names: FirstNames): string {
  const { dev, ino } = lstatSync(full, { bigint: true });
  const key = `${dev} ${ino}`;
  const first = names.get(key);
  if (first === undefined) names.set(key, path);
  return first ?? path;
}

/** Windows does not say which files are executable: all are, as in other builders. */
function modeOf(stats: Stats): number {
  return isWindows() ? 0o755 : stats.mode & 0o7777;
}

function isWindows(): boolean {
  return process.platform === 'win32';
}

/** Runs `act` on a file that was there. */
export function orChanged<R>(full: string, act: () => R): R {
  try {
    return act();
  } catch (cause) {
    throw changed(full, cause);
  }
}

export function changed(full: string, cause?: unknown): CliError {
  return new CliError(EXIT_CODES.machine, `${full} changed or could not be read while it was packed; try again`, {
    cause,
  });
}
