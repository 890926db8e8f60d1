import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Header, type Pack, pack as packTar } from 'tar-stream';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { listSourceFiles } from './list-source-files.ts';

/** A packed folder, in a file of the caller's. */
export interface PackedFolder {
  fileCount: number;
  sizeBytes: number;
  sha256: string;
}

/**
 * Packs a folder as its build will see it into the tar archive `file`: tracked and untracked files without what
 * `.gitignore` and `.dockerignore` leave out, links as links, owners left out. Throws `CliError` for a folder that
 * cannot be read or that changes meanwhile.
 */
export async function packFolder(folder: string, dockerfile: string, file: string): Promise<PackedFolder> {
  const paths = await listSourceFiles(folder, { dockerfile, tracked: await trackedFiles(folder) });
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
  try {
    for (const path of paths) await addEntry(pack, folder, path);
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
  return { fileCount: paths.length, sizeBytes, sha256: hash.digest('hex') };
}

type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

async function addEntry(pack: Pack, folder: string, path: string): Promise<void> {
  const full = join(folder, path);
  const stats = await lstat(full);
  const header = { name: path, mode: modeOf(stats), mtime: stats.mtime, uid: 0, gid: 0 };
  if (stats.isSymbolicLink()) {
    const target = await readlink(full);
    await entry(pack, { ...header, type: 'symlink', linkname: isWindows() ? target.replaceAll('\\', '/') : target });
  } else if (stats.isFile()) {
    await addFile(pack, full, { ...header, size: stats.size }, stats);
  } else {
    throw new CliError(EXIT_CODES.usage, `${full} is neither a file nor a link; leave it out with .dockerignore`);
  }
}

/** Windows does not know which files are programs: all are, as other builders have it. */
function modeOf(stats: Stats): number {
  return isWindows() ? 0o755 : stats.mode & 0o7777;
}

function isWindows(): boolean {
  return process.platform === 'win32';
}

async function addFile(pack: Pack, full: string, header: EntryHeader, stats: Stats): Promise<void> {
  if (stats.size === 0) return entry(pack, header, '');
  const sink = pack.entry(header);
  try {
    await pipeline(createReadStream(full, { end: stats.size - 1 }), sink);
  } catch (cause) {
    throw new CliError(EXIT_CODES.machine, `${full} changed or could not be read while it was packed; try again`, {
      cause,
    });
  }
}

/** A link has no content; a file must be given its own, even if that is empty. */
function entry(pack: Pack, header: EntryHeader, content?: ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) => (error ? reject(error) : resolve());
    if (content === undefined) pack.entry(header, end);
    else pack.entry(header, content, end);
  });
}

/** What Git tracks is part of the source even where `.gitignore` would leave it out; without Git nothing is tracked. */
async function trackedFiles(folder: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, 'ls-files', '-z', '--cached'], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout.split('\0').filter((path) => path !== '');
  } catch {
    return [];
  }
}
