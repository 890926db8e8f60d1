import { NonceFolder } from './nonce-folder.ts';
import { NonceTable, tableKey } from './nonce-table.ts';
import { KEEP_MS, NONCES_LIMIT, type Nonces, type NonceUse, nonceKey, slotOf } from './nonces.ts';

/** How nonces are kept. */
export interface FileNoncesMeans {
  /** A folder that keeps them across restarts. Without it, they are in memory only. */
  readonly folder?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** The maximum number. Two million by default, which takes 50 MB. */
  readonly limit?: number;
  /** Called once when nonces can no longer be written. */
  onFault?(error: unknown): void;
}

/** The nonces of one server: each is 53 bits of a hash in memory, and a line in a file. */
export class FileNonces implements Nonces {
  readonly #notBeforeMs: number;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #folder: NonceFolder | undefined;
  readonly #known = new NonceTable();
  #forgottenBefore = 0;

  /** Opens the nonces, and reads those of earlier processes from the folder if there is one. */
  static open(options: FileNoncesMeans): FileNonces {
    return new FileNonces(options);
  }

  private constructor({ folder, now, limit = NONCES_LIMIT, onFault = () => undefined }: FileNoncesMeans) {
    this.#now = now;
    this.#limit = limit;
    this.#folder = folder === undefined ? undefined : new NonceFolder(folder, now(), onFault);
    this.#notBeforeMs = this.#folder?.notBeforeMs ?? 0;
    for (const { key, endMs } of this.#folder?.found ?? []) {
      const known = tableKey(key);
      if (!this.#known.has(known)) this.#known.add(known, slotOf(endMs));
    }
  }

  use(accessKeyId: string, nonce: string, timeStampMs: number): NonceUse {
    if (timeStampMs < this.#notBeforeMs) return { notBeforeMs: this.#notBeforeMs };
    const nowMs = this.#now();
    this.#forgetPast(nowMs);
    const key = nonceKey(accessKeyId, nonce);
    const known = tableKey(key);
    if (this.#known.has(known)) return 'used';
    if (this.#known.size >= this.#limit) return 'full';
    const endMs = timeStampMs + KEEP_MS;
    this.#known.add(known, slotOf(endMs));
    this.#folder?.append(nowMs, endMs, key);
    return 'new';
  }

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
