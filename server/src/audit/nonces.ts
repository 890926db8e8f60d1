import { hash } from 'node:crypto';
import { keepMs, NonceFolder, segmentMs } from './nonce-folder.ts';
import { NonceTable, tableKey } from './nonce-table.ts';

/** How nonces are kept. */
export interface NoncesOptions {
  /** Where they outlive the process; in memory only without it. */
  readonly folder?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** How many are held at most: two million by default, 50 MB. */
  readonly limit?: number;
  /** Told once when nonces can no longer be written down. */
  onFault?(error: unknown): void;
}

/**
 * The nonces of signed calls, each kept until its time stamp is too old to be accepted anyway: 53 bits of a hash in memory, and
 * a line in a file.
 */
export class Nonces {
  /** Time stamps before this are to be refused: nonces from before it may be lost. 0 where none is. */
  readonly notBeforeMs: number;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #folder: NonceFolder | undefined;
  /** By the five minutes in which they end to matter. */
  readonly #known = new NonceTable();
  #forgottenBefore = 0;

  /** Opens the memory; with a folder it reads what an earlier process left there. */
  static open(options: NoncesOptions): Nonces {
    return new Nonces(options);
  }

  private constructor({ folder, now, limit = 2_000_000, onFault = () => undefined }: NoncesOptions) {
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
   * Takes a nonce that a key signed at `timeStampMs`: `new` the first time, `used` afterwards, `full` where no more
   * can be held.
   */
  use(accessKeyId: string, nonce: string, timeStampMs: number): 'new' | 'used' | 'full' {
    const nowMs = this.#now();
    this.#forgetPast(nowMs);
    const key = hash('sha256', `${accessKeyId}\n${nonce}`, 'base64url').slice(0, 22);
    const known = tableKey(key);
    if (this.#known.has(known)) return 'used';
    if (this.#known.size >= this.#limit) return 'full';
    const endMs = timeStampMs + keepMs;
    this.#known.add(known, slotOf(endMs));
    this.#folder?.append(nowMs, endMs, key);
    return 'new';
  }

  /**
   * Writes down what was taken since the last time. To be called before a call that was taken has an effect: a change that it makes,
   * or its reply. Those of one turn of the event loop share a write.
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
  return Math.max(0, Math.floor(timeMs / segmentMs));
}
