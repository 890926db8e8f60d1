import type { FormTree } from './form-tree.ts';

/** Replaces a secret in a log. */
export const MASK = '***';

const MASK_BYTES = Buffer.from(MASK);

/**
 * Masks one stream of bytes. A byte passes as soon as no form can still cover it: ordinary output is not delayed, and a
 * secret may be split anywhere. Every byte of any form is masked, adjacent bytes as one.
 */
export class MaskStream {
  readonly #tree: FormTree;
  #state = 0;
  /** Bytes that may still become part of a secret, and which of them already are. */
  #held = Buffer.alloc(0);
  #covered = new Uint8Array(0);
  #isInMask = false;
  #maskedValues = 0;

  constructor(tree: FormTree) {
    this.#tree = tree;
  }

  get maskedValues(): number {
    return this.#maskedValues;
  }

  /** Takes the next bytes and returns those that are decided; the chunk may be modified afterwards. */
  write(chunk: Uint8Array): Buffer {
    if (this.#tree.isEmpty) return Buffer.from(chunk);
    const bytes = Buffer.concat([this.#held, chunk]);
    const covered = new Uint8Array(bytes.length);
    covered.set(this.#covered);
    this.#cover(bytes, covered);
    const decided = bytes.length - (this.#tree.depth[this.#state] ?? 0);
    this.#held = Buffer.from(bytes.subarray(decided));
    this.#covered = covered.slice(decided);
    return this.#replace(bytes.subarray(0, decided), covered);
  }

  /** Ends or interrupts the stream, and returns the bytes held back. */
  flush(): Buffer {
    const rest = this.#replace(this.#held, this.#covered);
    this.#held = Buffer.alloc(0);
    this.#covered = new Uint8Array(0);
    this.#state = 0;
    this.#isInMask = false;
    return rest;
  }

  #cover(bytes: Buffer, covered: Uint8Array): void {
    const tree = this.#tree;
    let state = this.#state;
    let coveredFrom = 0;
    let coveredTo = 0;
    for (let at = this.#held.length; at < bytes.length; at++) {
      state = tree.next(state, bytes[at] ?? 0);
      const length = tree.longest[state] ?? 0;
      if (length === 0) continue;
      const from = at - length + 1;
      // Forms that overlap covered bytes add only their end, so a long form of one letter stays linear.
      const fresh = from >= coveredFrom && from <= coveredTo ? coveredTo : from;
      covered.fill(1, fresh, at + 1);
      if (fresh === from) coveredFrom = from;
      coveredTo = at + 1;
    }
    this.#state = state;
  }

  #replace(bytes: Buffer, covered: Uint8Array): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const isMasked = covered[at] === 1;
      let end = covered.indexOf(isMasked ? 0 : 1, at);
      if (end < 0 || end > bytes.length) end = bytes.length;
      if (!isMasked) parts.push(bytes.subarray(at, end));
      else if (!this.#isInMask) {
        parts.push(MASK_BYTES);
        this.#maskedValues += 1;
      }
      this.#isInMask = isMasked;
      at = end;
    }
    return Buffer.concat(parts);
  }
}
