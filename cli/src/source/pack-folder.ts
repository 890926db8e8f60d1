import { isUtf8 } from 'node:buffer';
import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { BLOCK_BYTES, memberHeader, paddingBytes, type SourceMember } from '../tar/member-header.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { listSourceFiles } from './list-source-files.ts';

/** A packed folder, in a file of the caller's. */
export interface PackedFolder {
  /** Paths of sockets, pipes and devices, which were left out. */
  special: string[];
  sizeBytes: number;
  sha256: string;
}

/** What is read of a file at once. */
const READ_BYTES = 2 ** 20;
const END = Buffer.alloc(2 * BLOCK_BYTES);

/** The name in the archive of each file that has several names, by device and inode. */
type FirstNames = Map<string, string>;

/**
 * Packs a folder as its build will see it into the tar archive `file`: the files of `listSourceFiles`, links as links,
 * without owners. Throws `CliError` for a folder that cannot be read or that changes meanwhile.
 */
export async function packFolder(folder: string, dockerfile: string, file: string): Promise<PackedFolder> {
  const { paths, special } = await listSourceFiles(folder, dockerfile);
  const archive = await ArchiveWriter.create(file);
  const [names, buffer]: [FirstNames, Buffer] = [new Map(), Buffer.allocUnsafe(READ_BYTES)];
  try {
    for (const path of paths) {
      const full = join(folder, path);
      const member = memberOf(full, path, names);
      await archive.write(memberHeader(member));
      if (member.type === 'file' && member.sizeBytes > 0) await addContent(archive, full, member.sizeBytes, buffer);
    }
    await archive.write(END);
    return { special, ...(await archive.finish()) };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT_CODES.machine, `the folder ${folder} cannot be packed: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await archive.close();
  }
}

function memberOf(full: string, path: string, names: FirstNames): SourceMember {
  const stats = lstatSync(full);
  const mtimeSeconds = Math.floor(stats.mtimeMs / 1000);
  const facts = { path, mode: modeOf(stats), mtimeSeconds, sizeBytes: 0, target: '' };
  if (stats.isSymbolicLink()) {
    const target = targetOf(full);
    return { ...facts, type: 'symlink', target: isWindows() ? target.replaceAll('\\', '/') : target };
  }
  if (stats.isDirectory()) return { ...facts, type: 'directory' };
  if (!stats.isFile()) throw changed(full);
  const first = stats.nlink > 1 ? firstName(full, path, names) : path;
  if (first !== path) return { ...facts, type: 'link', target: first };
  return { ...facts, type: 'file', sizeBytes: stats.size };
}

function targetOf(link: string): string {
  const bytes = readlinkSync(link, 'buffer');
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

/** As many bytes as the file had when it was listed. */
async function addContent(archive: ArchiveWriter, full: string, sizeBytes: number, buffer: Buffer): Promise<void> {
  const file = orChanged(full, () => openSync(full, 'r'));
  try {
    for (let left = sizeBytes; left > 0; ) {
      const count = orChanged(full, () => readSync(file, buffer, 0, Math.min(left, buffer.length), null));
      if (count === 0) throw changed(full);
      left -= count;
      await archive.write(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  await archive.write(END.subarray(0, paddingBytes(sizeBytes)));
}

function orChanged<R>(full: string, act: () => R): R {
  try {
    return act();
  } catch (cause) {
    throw changed(full, cause);
  }
}

function changed(full: string, cause?: unknown): CliError {
  return new CliError(EXIT_CODES.machine, `${full} changed or could not be read while it was packed; try again`, {
    cause,
  });
}
