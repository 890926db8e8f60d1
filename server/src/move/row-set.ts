import { hash } from 'node:crypto';

/**
 * What a set of rows is, whatever order they come in: how many there are, and the sum of their SHA-256, in four numbers of 64 bits.
 * Two engines give their rows in different orders, and sorting them would take memory or disk.
 */
export class RowSet {
  count: number;
  readonly #sums: BigUint64Array;

  /** A set that goes on where another one was. */
  constructor({ count, digest }: { count: number; digest: string } = NOTHING) {
    this.count = count;
    this.#sums = new BigUint64Array(Uint8Array.from(Buffer.from(digest, 'hex')).buffer);
  }

  add(text: string | Buffer): void {
    this.count += 1;
    DIGEST.write(hash('sha256', text, 'binary'), 'binary');
    for (let at = 0; at < 4; at += 1) this.#sums[at] = (this.#sums[at] ?? 0n) + DIGEST.readBigUInt64LE(at * 8);
  }

  get digest(): string {
    return Buffer.from(this.#sums.buffer).toString('hex');
  }
}

/** One for all rows: a buffer for each would be outside of the heap, where millions of them wait to be collected. */
const DIGEST = Buffer.alloc(32);
const NOTHING = { count: 0, digest: '0'.repeat(64) };
