import { hash } from 'node:crypto';
import { KEEP_MS, NonceFolder, SEGMENT_MS } from './nonce-folder.ts';
import { NonceTable, tableKey } from './nonce-table.ts';

/** How nonces are kept. */
export interface NoncesMeans {
  /** A folder that keeps them across restarts. Without it, they are in memory only. */
  readonly folder?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** The maximum number. Two million by default, which takes 50 MB. */
  readonly limit?: number;
  /** Called once when nonces can no longer be written. */
  onFault?(error: unknown): void;
}

/**
 * The nonces of signed calls. Each is kept until its timestamp is too old to be accepted anyway: as 53 bits of a hash in
 * memory, and as a line in a file.
 */
export class Nonces {
  /** Refuse timestamps before this: nonces from before it may be lost. 0 if none are. */
  readonly notBeforeMs: number;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #folder: NonceFolder | undefined;
  /** Grouped by the five minutes in which they expire. */
  readonly #known = new NonceTable();
  #forgottenBefore = 0;

  /** Opens the nonces, and reads those of earlier processes from the folder if there is one. */
  static open(options: NoncesMeans): Nonces {
    return new Nonces(options);
  }

  private constructor({ folder, now, limit = 2_000_000, onFault = () => undefined }: NoncesMeans) {
    this.#now = now;
    this.#limit = limit;
    this.#folder = folder === undefined ? undefined : new NonceFolder(folder, now(), onFault);
    this.notBeforeMs = this.#folder?.notBeforeMs ?? 0;
    for (const { key, endMs } of this.#folder?.found ?? []) {
      const known = tableKey(key);
      if (!this.#known.has(known)) this.#known.add(known, slotOf(endMs));
    }
  }

  /**
   * Uses a nonce that a key signed at `timeStampMs`. Returns `new` the first time, `used` after that, and `full` if there is
   * no room for it.
   */
  use(accessKeyId: string, nonce: string, timeStampMs: number): 'new' | 'used' | 'full' {
    const nowMs = this.#now();
    this.#forgetPast(nowMs);
    const key = hash('sha256', `${accessKeyId}\n${nonce}`, 'base64url').slice(0, 22);
    const known = tableKey(key);
    if (this.#known.has(known)) return 'used';
    if (this.#known.size >= this.#limit) return 'full';
    const endMs = timeStampMs + KEEP_MS;
    this.#known.add(known, slotOf(endMs));
    this.#folder?.append(nowMs, endMs, key);
    return 'new';
  }

  /**
   * Writes the nonces used since the last write. Call it before a request has any effect: before its change and its reply.
   * Requests in the same turn of the event loop share one write.
   */
  write(): void {
    this.#folder?.write();
  }

  /** Writes, syncs and closes the folder. */
  close(): void {
    this.#folder?.close();
  }

  #forgetPast(nowMs: number): void {
    const current = slotOf(nowMs);
    if (current === this.#forgottenBefore) return;
    this.#known.forgetBefore(current);
    this.#forgottenBefore = current;
  }
}

function slotOf(timeMs: number): number {
  return Math.max(0, Math.floor(timeMs / SEGMENT_MS));
}
