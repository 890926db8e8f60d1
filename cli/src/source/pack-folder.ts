import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack as packTar } from 'tar-stream';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { addEntry } from '../tar/tar-entry.ts';
import { tarHeader } from '../tar/tar-header.ts';
import { listSourceFiles } from './list-source-files.ts';

/** A packed folder, in a file of the caller's. */
export interface PackedFolder {
  /** Paths of sockets, pipes and devices, which were left out. */
  special: string[];
  sizeBytes: number;
  sha256: string;
}

/**
 * Packs a folder as its build will see it into the tar archive `file`: the files of `listSourceFiles`, links as links,
 * without owners. Throws `CliError` for a folder that cannot be read or that changes meanwhile.
 */
export async function packFolder(folder: string, dockerfile: string, file: string): Promise<PackedFolder> {
  const { paths, special } = await listSourceFiles(folder, dockerfile);
  const pack = packTar();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const written = pipeline(pack, measure, createWriteStream(file, { mode: 0o600 }));
  const names: FirstNames = new Map();
  try {
    for (const path of paths) await addPath(pack, folder, path, names);
    pack.finalize();
    await written;
  } catch (cause) {
    pack.destroy();
    await written.catch(() => undefined);
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT_CODES.machine, `the folder ${folder} cannot be packed: ${(cause as Error).message}`, {
      cause,
    });
  }
  return { special, sizeBytes, sha256: hash.digest('hex') };
}

/** A file up to this size is read at once: for many small files, that costs a tenth of a stream for each. */
const WHOLE_BYTES = 2 ** 20;

/** The name in the archive of each file that has several names, by device and inode. */
type FirstNames = Map<string, string>;
type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

async function addPath(pack: Pack, folder: string, path: string, names: FirstNames): Promise<void> {
  const full = join(folder, path);
  const stats = lstatSync(full);
  const header = { name: path, ...tarHeader({ mode: modeOf(stats), mtime: stats.mtime }) };
  if (stats.isSymbolicLink()) {
    const target = targetOf(full);
    await addEntry(pack, { ...header, type: 'symlink', linkname: isWindows() ? target.replaceAll('\\', '/') : target });
  } else if (stats.isDirectory()) {
    await addEntry(pack, { ...header, type: 'directory' });
  } else if (stats.isFile()) {
    const first = stats.nlink > 1 ? firstName(full, path, names) : path;
    if (first === path) await addFile(pack, full, { ...header, size: stats.size }, stats);
    else await addEntry(pack, { ...header, type: 'link', linkname: first });
  } else {
    throw changed(full);
  }
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

async function addFile(pack: Pack, full: string, header: EntryHeader, stats: Stats): Promise<void> {
  if (stats.size <= WHOLE_BYTES) return addEntry(pack, header, readWhole(full, stats.size));
  const sink = pack.entry(header);
  try {
    await pipeline(createReadStream(full, { end: stats.size - 1 }), sink);
  } catch (cause) {
    throw changed(full, cause);
  }
}

/** As many bytes as the file had when it was listed. */
function readWhole(full: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let read = 0;
  try {
    const file = openSync(full, 'r');
    try {
      for (let count = -1; count !== 0 && read < sizeBytes; read += count)
        count = readSync(file, bytes, read, sizeBytes - read, null);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw changed(full, cause);
  }
  if (read < sizeBytes) throw changed(full);
  return bytes;
}

function changed(full: string, cause?: unknown): CliError {
  return new CliError(EXIT_CODES.machine, `${full} changed or could not be read while it was packed; try again`, {
    cause,
  });
}
