import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ImageMistake } from './inventory.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const CHUNK_BYTES = 256 * 1024;

/** The tar archive in a layer's file, decompressed according to its first bytes. Throws ImageMistake if that fails. */
export async function* layerBytes(file: string): AsyncGenerator<Buffer> {
  const start = await firstBytes(file, ZSTD.length);
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const unpacker = start.subarray(0, GZIP.length).equals(GZIP)
    ? createGunzip({ chunkSize: CHUNK_BYTES })
    : start.equals(ZSTD)
      ? createZstdDecompress({ chunkSize: CHUNK_BYTES })
      : undefined;
  if (unpacker === undefined) return yield* source as AsyncIterable<Buffer>;
  source.on('error', (error) => unpacker.destroy(error));
  source.pipe(unpacker);
  try {
    yield* unpacker as AsyncIterable<Buffer>;
  } catch (cause) {
    if (!isOfUnpacking(cause)) throw cause;
    throw new ImageMistake(`a layer cannot be decompressed (${(cause as Error).message.slice(0, 100)})`, { cause });
  } finally {
    source.destroy();
    unpacker.destroy();
  }
}

function isOfUnpacking(cause: unknown): boolean {
  return /^(Z_|ZSTD_|ERR_ZLIB)/.test(String((cause as { code?: unknown }).code));
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file, { end: count - 1 })) pieces.push(piece);
  return Buffer.concat(pieces);
}
