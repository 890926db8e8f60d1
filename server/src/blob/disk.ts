import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobNotFound, type BlobStore, CheckedContent, checkKey, type StoredObject } from './blob.ts';

/** Keeps objects as files in a folder. Each is written to a temporary file next to it, synced, and renamed. */
export function diskBlobStore(folder: string): BlobStore {
  return {
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
    async remove(key) {
      await rm(pathOf(folder, key), { force: true });
    },
    async head(key) {
      return objectAt(pathOf(folder, key), key);
    },
    list: (prefix) => objectsBelow(folder, prefix),
  };
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
