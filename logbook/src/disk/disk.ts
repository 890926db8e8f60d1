import * as fs from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/**
 * How to open a file: for reading; as a new file (fails if it exists); or, new or existing, for appending so that each write is
 * on the device when it resolves (O_DSYNC does what write and fdatasync do, in one trip off the main thread instead of two).
 */
export type OpenMode = 'read' | 'create' | 'create-durable' | 'append-durable';

/** A file that can be read at once: what the engine reads is small and mostly in the page cache. */
export interface ReadableFile {
  /** Reads up to `target.length` bytes at `positionBytes` and returns how many it read. */
  read(target: Uint8Array, positionBytes: number): number;
  sizeBytes(): number;
}

/** An open file. */
export interface DiskFile extends ReadableFile {
  /** Writes all of `buffers`, one after the other, from `positionBytes` on, off the main thread. See `OpenMode` on durability. */
  write(buffers: readonly Uint8Array[], positionBytes: number): Promise<void>;
  /** Resolves when the file's bytes and size are on the device. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * Everything the engine needs of a disk. Tests use one that fails at the n-th act. Errors are thrown as they come from the
 * system, with their `code`.
 */
export interface Disk {
  open(path: string, mode: OpenMode): DiskFile;
  /** The sorted names in a folder; none if the folder does not exist. */
  list(path: string): string[];
  /** Creates a folder in an existing parent. Throws EEXIST if it exists. */
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or an empty folder, if it exists. */
  remove(path: string): Promise<void>;
  truncate(path: string, sizeBytes: number): Promise<void>;
  /** Makes the names in a folder durable (new files, renames, removals). */
  syncFolder(path: string): Promise<void>;
}

const STREAM_BYTES = 256 * 1024;
const { O_CREAT, O_DSYNC, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;
const OPEN_FLAGS: Record<OpenMode, number> = {
  read: O_RDONLY,
  create: O_RDWR | O_CREAT | O_EXCL,
  'create-durable': O_RDWR | O_CREAT | O_EXCL | O_DSYNC,
  'append-durable': O_RDWR | O_DSYNC,
};
const writev = promisify(fs.writev);
const fdatasync = promisify(fs.fdatasync);

/** The real disk, over `node:fs`. */
export const nodeDisk: Disk = {
  open(path, mode) {
    return new NodeFile(fs.openSync(path, OPEN_FLAGS[mode], 0o640));
  },
  list(path) {
    try {
      return fs.readdirSync(path).sort();
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
      throw error;
    }
  },
  async makeFolder(path) {
    await fs.promises.mkdir(path, { mode: 0o750 });
  },
  async rename(from, to) {
    await fs.promises.rename(from, to);
  },
  async remove(path) {
    await fs.promises.rm(path, { force: true }).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_FS_EISDIR') throw error;
      await fs.promises.rmdir(path).catch((missing: unknown) => {
        // Something else removed it meanwhile.
        if (!isMissing(missing)) throw missing;
      });
    });
  },
  async truncate(path, sizeBytes) {
    const handle = await fs.promises.open(path, 'r+');
    try {
      await handle.truncate(sizeBytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async syncFolder(path) {
    const handle = await fs.promises.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

class NodeFile implements DiskFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(target: Uint8Array, positionBytes: number): number {
    let done = 0;
    while (done < target.length) {
      const got = fs.readSync(this.#fd, target, done, target.length - done, positionBytes + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  sizeBytes(): number {
    return fs.fstatSync(this.#fd).size;
  }

  async write(buffers: readonly Uint8Array[], positionBytes: number): Promise<void> {
    let rest = buffers.filter((buffer) => buffer.length > 0);
    let position = positionBytes;
    while (rest.length > 0) {
      // The system accepts at most 1024 buffers per call, and may write fewer bytes than requested.
      const { bytesWritten } = await writev(this.#fd, rest.slice(0, 1024), position);
      position += bytesWritten;
      rest = afterBytes(rest, bytesWritten);
    }
  }

  async sync(): Promise<void> {
    await fdatasync(this.#fd);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}

/** A file's bytes from one to before another, read off the main thread. */
export function streamFile(path: string, fromByte: number, toByte: number): Readable {
  // Opened now: the file may have lost its name when the first bytes are read.
  const fd = fs.openSync(path, 'r');
  return fs.createReadStream(path, { fd, start: fromByte, end: toByte - 1, highWaterMark: STREAM_BYTES });
}

/** Whether an error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function afterBytes(buffers: readonly Uint8Array[], countBytes: number): Uint8Array[] {
  let left = countBytes;
  let first = 0;
  for (; first < buffers.length; first += 1) {
    const size = buffers[first]?.length ?? 0;
    if (left < size) break;
    left -= size;
  }
  return buffers.slice(first).map((buffer, at) => (at === 0 ? buffer.subarray(left) : buffer));
}
