import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** An object, as a store lists it. */
export interface StoredObject {
  key: string;
  sizeBytes: number;
  /** By the clock of the store. */
  modifiedMs: number;
  /** What the store calls these bytes. Undefined for a folder, which says nothing of them. */
  etag?: string | undefined;
}

/** What a store was sent. */
export interface StoredPut {
  sizeBytes: number;
  sha256: string;
  /**
   * What the store calls these bytes, once it was compared that it has them: by the MD5 that it has computed, or by reading them back.
   * Undefined for a folder.
   */
  etag?: string | undefined;
}

/** Bytes of an object: from one position up to, and without, another. */
export interface ByteRange {
  fromByte: number;
  toByte: number;
}

/**
 * A store of objects by key, which are written as a whole, streamed out, and removed: a folder, or a bucket of an
 * S3-compatible store. Keys come from our own ids, never from a caller's text.
 */
export interface BlobStore {
  /**
   * Stores the stream's bytes under `key`. The object is durable and checked once the promise resolves; if it rejects,
   * nothing is stored. Throws `BlobTooLarge` after more than `limitBytes`, and `BlobDiffers` if the bytes do not have the
   * SHA-256 that they should have.
   */
  put(key: string, content: Readable, options: { limitBytes: number; sha256?: string | undefined }): Promise<StoredPut>;
  /** The object's bytes, or some of them. Rejects with `BlobNotFound`. */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /**
   * Stores an object's bytes under a second, new key; where it can, the store has them only once. It is as if they had been
   * written now. Rejects with `BlobNotFound`.
   */
  copy(fromKey: string, toKey: string): Promise<void>;
  /** What the store says of an object; undefined if it has none. */
  head(key: string): Promise<StoredObject | undefined>;
  /**
   * The objects under a prefix (`sources`), in any order; all of them for the empty prefix. A folder also lists what an
   * interrupted write left. For sweeps: it may be slow.
   */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removes the object, if it exists. */
  remove(key: string): Promise<void>;
}

/** A store cannot be asked now; later, the same may succeed. */
export class StoreUnreachable extends Error {}

/** Whether an error, or one that caused it, says so. */
export function isStoreUnreachable(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof StoreUnreachable) return true;
  return false;
}

export class BlobNotFound extends Error {
  constructor(key: string) {
    super(`the object ${key} does not exist`);
  }
}

export class BlobTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`the object is larger than ${limitBytes} bytes`);
  }
}

/** The bytes are not those that were expected: they were damaged before they came here. */
export class BlobDiffers extends Error {
  constructor(sha256: string) {
    super(`its bytes have the SHA-256 ${sha256}`);
  }
}

/** No part begins with a dot. Distribution's begin with an underscore. */
const KEY = /^[a-z]+(\/[a-zA-Z0-9_][a-zA-Z0-9_.-]*)+$/;

/** Throws if a key is not made of plain parts. That is a bug of ours, not a caller's mistake. */
export function checkKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} cannot be the key of an object`);
}

/** Passes bytes on, counts and hashes them, and ends with an error where they are not what `put` may store. */
export class CheckedContent {
  sizeBytes = 0;
  readonly #hash = createHash('sha256');
  readonly #expected: { limitBytes: number; sha256?: string | undefined };
  #sha256: string | undefined;

  constructor(expected: { limitBytes: number; sha256?: string | undefined }) {
    this.#expected = expected;
  }

  /** Once all bytes have passed. */
  get sha256(): string {
    this.#sha256 ??= this.#hash.digest('hex');
    return this.#sha256;
  }

  readonly pass = async function* (this: CheckedContent, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { limitBytes, sha256 } = this.#expected;
    for await (const chunk of chunks) {
      this.sizeBytes += chunk.length;
      if (this.sizeBytes > limitBytes) throw new BlobTooLarge(limitBytes);
      this.#hash.update(chunk);
      yield chunk;
    }
    if (sha256 !== undefined && sha256 !== this.sha256) throw new BlobDiffers(this.sha256);
  }.bind(this);
}

/**
 * Removes what is older than `beforeMs` under a prefix, except keys for which `keeps` returns true: objects, and the leftovers
 * of writes that a crash or an error interrupted.
 */
export async function sweepObjects(
  blobs: BlobStore,
  { prefix, beforeMs }: { prefix: string; beforeMs: number },
  keeps: (key: string) => boolean,
): Promise<void> {
  // What is still being written has a recent modification time.
  for await (const { key, modifiedMs } of blobs.list(prefix))
    if (modifiedMs < beforeMs && !keeps(key)) await blobs.remove(key);
}

/** Removes objects that nothing names any more. One that cannot be removed stays for the next sweep; `report` is told. */
export async function removeObjects(
  blobs: BlobStore,
  keys: readonly string[],
  report: (message: string, error: unknown) => void,
): Promise<void> {
  for (const key of keys)
    await blobs.remove(key).catch((error: unknown) => report(`the object ${key} stays for now`, error));
}
