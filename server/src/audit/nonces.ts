import { hash } from 'node:crypto';

/** How long a nonce is kept after its time stamp: 15 minutes and a margin. */
export const KEEP_MS = 16 * 60 * 1000;

/** Nonces are grouped by the five minutes in which they expire. */
export const SLOT_MS = 5 * 60 * 1000;

/** The maximum number of nonces that one server remembers. */
export const NONCES_LIMIT = 2_000_000;

/**
 * The answer to a use: `new` the first time, `used` after that, and `full` if there is no room for it. Or the time before which time
 * stamps are refused, because nonces from before it may be lost.
 */
export type NonceUse = 'new' | 'used' | 'full' | { readonly notBeforeMs: number };

/** The nonces of signed calls. Each is kept until its time stamp is too old to be accepted anyway. */
export interface Nonces {
  /** Uses a nonce that a key signed at `timeStampMs`. Throws `DatabaseUnavailable` if that cannot be decided now. */
  use(accessKeyId: string, nonce: string, timeStampMs: number): NonceUse | Promise<NonceUse>;
  /**
   * Stores the nonces that were used since the last time, if `use` did not. Call it before a request has any effect: before its change and
   * its reply. Requests in the same turn of the event loop share what it costs.
   */
  write(): void;
  close(): void | Promise<void>;
}

/** What is kept of a nonce: 132 bits of a hash, as text. */
export function nonceKey(accessKeyId: string, nonce: string): string {
  return hash('sha256', `${accessKeyId}\n${nonce}`, 'base64url').slice(0, 22);
}

/** The slot of a time. */
export function slotOf(timeMs: number): number {
  return Math.max(0, Math.floor(timeMs / SLOT_MS));
}
