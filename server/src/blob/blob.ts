import type { Readable } from 'node:stream';

/** A store of objects by key, which are written once, streamed out, and removed. Keys come from our own ids, never from a caller's text. */
export interface BlobStore {
  /**
   * Stores the stream's bytes under `key`. The object is durable once the promise resolves; if it rejects, nothing is
   * stored. Throws `BlobTooLarge` after more than `limitBytes`.
   */
  put(key: string, content: Readable, options: { limitBytes: number }): Promise<{ sizeBytes: number; sha256: string }>;
  /** The object's bytes. Rejects with `BlobNotFound`. */
  get(key: string): Promise<Readable>;
  /** Removes the object, if it exists. */
  remove(key: string): Promise<void>;
  /**
   * Removes what is older than `beforeMs` under a prefix (`sources`), except keys for which `keeps` returns true: objects, and
   * the leftovers of writes that a crash or an error interrupted.
   */
  sweep(prefix: string, beforeMs: number, keeps: (key: string) => boolean): Promise<void>;
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

const KEY = /^[a-z]+(\/[a-z0-9][a-z0-9.-]*)+$/;

/** Throws if a key is not made of plain parts. That is a bug of ours, not a caller's mistake. */
export function checkKey(key: string): void {
  if (!KEY.test(key) || key.includes('..')) throw new Error(`${JSON.stringify(key)} cannot be the key of an object`);
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
