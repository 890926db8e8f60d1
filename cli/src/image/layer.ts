import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ImageBlob } from '@slipway/client/registry/push-image.ts';

import { type Compression, decompress } from './archive-file.ts';
import { createTarReader, type TarEntry } from './tar-listing.ts';

/** A layer in the form for registries (gzip), with the digest of its uncompressed tar. */
export interface Layer {
  blob: ImageBlob;
  diffId: string;
}

/**
 * Makes a gzip layer from a tar stream, and checks that the stream is a complete tar archive. A gzip source is kept
 * byte for byte; anything else is compressed into `newFile`. `open` is called once here, and again for each upload of a
 * gzip source. Throws CliError that names `name`.
 */
export async function makeLayer(source: {
  open(): AsyncIterable<Uint8Array>;
  compression: Compression;
  name: string;
  newFile: string;
  seen?: (entry: TarEntry) => void;
}): Promise<Layer> {
  const { open, compression, name, newFile, seen } = source;
  const plainHash = createHash('sha256');
  const layerHash = createHash('sha256');
  const layerSize = { bytes: 0 };
  const keep = compression === 'gzip';
  const raw = keep ? measured(open(), layerHash, layerSize) : open();
  const plain = checked(measured(decompress(raw, compression, name), plainHash), name, seen);
  if (keep) {
    for await (const _chunk of plain);
  } else {
    const gzip = createGzip({ level: 6 });
    await pipeline(
      plain,
      gzip,
      (chunks: AsyncIterable<Uint8Array>) => measured(chunks, layerHash, layerSize),
      createWriteStream(newFile),
    );
  }
  return {
    diffId: `sha256:${plainHash.digest('hex')}`,
    blob: {
      digest: `sha256:${layerHash.digest('hex')}`,
      sizeBytes: layerSize.bytes,
      open: keep ? open : () => createReadStream(newFile),
    },
  };
}

async function* measured(
  source: AsyncIterable<Uint8Array>,
  hash: Hash,
  size: { bytes: number } = { bytes: 0 },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    size.bytes += chunk.length;
    yield chunk;
  }
}

async function* checked(
  source: AsyncIterable<Uint8Array>,
  name: string,
  seen: (entry: TarEntry) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const reader = createTarReader(name, seen);
  try {
    for await (const chunk of source) {
      await reader.write(chunk);
      yield chunk;
    }
    await reader.end();
  } finally {
    reader.close();
  }
}
