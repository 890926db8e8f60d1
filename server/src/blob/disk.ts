import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobNotFound, type BlobStore, BlobTooLarge, checkKey } from './blob.ts';

/** Keeps objects as files in a folder. Each is written to a temporary file next to it, synced, and renamed. */
export function diskBlobStore(folder: string): BlobStore {
  return {
    async put(key, content, { limitBytes }) {
      const file = pathOf(folder, key);
      const partial = `${file}.${randomUUID()}.partial`;
      await mkdir(dirname(file), { recursive: true });
      try {
        const written = await writeFile(partial, content, limitBytes);
        await rename(partial, file);
        await sync(dirname(file));
        return written;
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    async get(key) {
      const stream = createReadStream(pathOf(folder, key));
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
    async sweep(prefix, beforeMs, keeps) {
      const parent = join(folder, prefix);
      for (const name of await namesIn(parent)) {
        if (keeps(`${prefix}/${name}`)) continue;
        const file = join(parent, name);
        const stats = await stat(file).catch(() => undefined);
        // A file still being written has a recent modification time.
        if (stats !== undefined && stats.mtimeMs < beforeMs) await rm(file, { force: true });
      }
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function writeFile(file: string, content: Readable, limitBytes: number) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw new BlobTooLarge(limitBytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(content, counted, createWriteStream(file, { flags: 'wx', flush: true }));
  return { sizeBytes, sha256: hash.digest('hex') };
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
