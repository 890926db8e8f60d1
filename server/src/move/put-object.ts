import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { BlobDiffers, BlobNotFound, type BlobStore } from '#blob/blob.ts';
import { MoveRefused } from './move-refused.ts';
import type { SourceObject } from './source-objects.ts';

/** What is needed to put a file into a store. */
interface PutMeans {
  blobs: BlobStore;
  /** Whether what is damaged in the old folder is carried as it is. */
  withDamage: boolean;
  /** Called with what is damaged. */
  damaged: (what: string) => void;
}

/** A file of at most this size is read at once: it is sent in one request. */
const WHOLE_BYTES = 16 * 2 ** 20;
const READ_BYTES = 2 ** 18;

/** Stores a file, and returns what the store calls its bytes. Throws `MoveRefused` if the file is damaged, or the store has other bytes. */
export async function putObject(
  object: SourceObject,
  { blobs, withDamage, damaged }: PutMeans,
): Promise<string | undefined> {
  const { key, file, text, sizeBytes: limitBytes, sha256 } = object;
  const whole = text === undefined && limitBytes <= WHOLE_BYTES ? await readFile(file) : undefined;
  const open = () => (whole === undefined ? openObject(object) : Readable.from([whole]));
  const put = await blobs.put(key, open(), { limitBytes, sha256 }).catch((cause: unknown) => {
    if (!(cause instanceof BlobDiffers)) throw cause;
    damaged(`${file}: ${cause.message}`);
    if (withDamage) return blobs.put(key, open(), { limitBytes });
    throw new MoveRefused(
      4,
      `${file} is damaged: ${cause.message}; push the image again to the old server, or give --with-damage to carry what is damaged as it is`,
      { cause },
    );
  });
  // Otherwise the store has compared them.
  if (put.etag === undefined && (await digestOfStored(blobs, key)) !== put.sha256)
    throw new MoveRefused(4, `the store has other bytes of ${key} than it was sent; do not use this store`);
  return put.etag;
}

/** Whether a store has the bytes of a file, and they are those that its name says. */
export async function isSame(object: SourceObject, blobs: BlobStore): Promise<boolean> {
  const stored = await digestOfStored(blobs, object.key);
  return stored === (await digestOf(openObject(object))) && (object.sha256 ?? stored) === stored;
}

/** The bytes of a file that becomes an object. */
export function openObject({ file, text }: SourceObject): Readable {
  return text === undefined
    ? createReadStream(file, { highWaterMark: READ_BYTES })
    : Readable.from([Buffer.from(text)]);
}

/** Undefined if the store does not have it. */
export async function digestOfStored(blobs: BlobStore, key: string): Promise<string | undefined> {
  try {
    return await digestOf(await blobs.get(key));
  } catch (error) {
    if (error instanceof BlobNotFound) return undefined;
    throw error;
  }
}

export async function digestOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
