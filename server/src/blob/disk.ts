import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobNotFound, type BlobStore, CheckedContent, checkKey, type StoredObject } from './blob.ts';

/** How a file system says that it has no second names for files, or no more of them. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Keeps objects as files in a folder. Each is written to a temporary file next to it, synced, and renamed. */
export function diskBlobStore(folder: string): BlobStore {
  const store: BlobStore = {
    async put(key, content, expected) {
      const file = pathOf(folder, key);
      const partial = `${file}.${randomUUID()}.partial`;
      await mkdir(dirname(file), { recursive: true });
      try {
        const written = await writeFile(partial, content, new CheckedContent(expected));
        await rename(partial, file);
        await sync(dirname(file));
        return written;
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    async get(key, range) {
      const part = range && { start: range.fromByte, end: range.toByte - 1 };
      const stream = createReadStream(pathOf(folder, key), part ?? {});
      return new Promise((resolve, reject) => {
        stream.once('open', () => resolve(stream));
        stream.once('error', (error: NodeJS.ErrnoException) =>
          reject(error.code === 'ENOENT' ? new BlobNotFound(key) : error),
        );
      });
    },
    async copy(fromKey, toKey) {
      const [from, to] = [pathOf(folder, fromKey), pathOf(folder, toKey)];
      await mkdir(dirname(to), { recursive: true });
      try {
        const now = new Date();
        await utimes(from, now, now);
        await link(from, to);
        await sync(dirname(to));
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') throw new BlobNotFound(fromKey);
        if (!NO_LINKS.includes(code)) throw error;
        await store.put(toKey, await store.get(fromKey), { limitBytes: (await stat(from)).size });
      }
    },
    async remove(key) {
      await rm(pathOf(folder, key), { force: true });
    },
    async head(key) {
      return objectAt(pathOf(folder, key), key);
    },
    list: (prefix) => objectsBelow(folder, prefix),
  };
  return store;
}

async function* objectsBelow(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  for (const entry of await entriesIn(join(folder, prefix))) {
    const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* objectsBelow(folder, key);
    else {
      const object = await objectAt(join(folder, key), key);
      if (object !== undefined) yield object;
    }
  }
}

async function objectAt(file: string, key: string): Promise<StoredObject | undefined> {
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return stats?.isFile() ? { key, sizeBytes: stats.size, modifiedMs: stats.mtimeMs } : undefined;
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function writeFile(file: string, content: Readable, checked: CheckedContent) {
  await pipeline(content, checked.pass, createWriteStream(file, { flags: 'wx', flush: true }));
  return { sizeBytes: checked.sizeBytes, sha256: checked.sha256 };
}

function pathOf(folder: string, key: string): string {
  checkKey(key);
  return join(folder, key);
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
