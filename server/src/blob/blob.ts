import type { Readable } from 'node:stream';

/** Objects by key: written once, read whole or by stream, removed. Keys are made from our ids only, never from a caller's text. */
export interface BlobStore {
  /**
   * Stores what the stream gives under `key`; the object is there, durably, when the promise resolves, and not at all
   * if it rejects. Throws `BlobTooLarge` once more than `limitBytes` have come.
   */
  put(key: string, content: Readable, options: { limitBytes: number }): Promise<{ sizeBytes: number; sha256: string }>;
  /** The object's bytes. Rejects with `BlobNotFound`. */
  get(key: string): Promise<Readable>;
  /** Removes the object; one that is not there is fine. */
  remove(key: string): Promise<void>;
  /**
   * Removes what stands below a prefix (`sources`) since before a time, unless it is the object of a key that `keeps` wants: objects,
   * and what is left of those that a crash or an error kept from becoming one.
   */
  sweep(prefix: string, beforeMs: number, keeps: (key: string) => boolean): Promise<void>;
}

export class BlobNotFound extends Error {
  constructor(key: string) {
    super(`there is no object ${key}`);
  }
}

export class BlobTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`the object is larger than ${limitBytes} bytes`);
  }
}

const KEY = /^[a-z]+(\/[a-z0-9][a-z0-9.-]*)+$/;

/** Throws if a key is not made of plain parts: a fault of ours, not of a caller. */
export function checkKey(key: string): void {
  if (!KEY.test(key) || key.includes('..')) throw new Error(`${JSON.stringify(key)} cannot be the key of an object`);
}
