const KEPT_BYTES = 64 * 1024;

/**
 * The beginning of a line whose end has not come: one buffer that grows, so that a line in crumbs takes no more memory than one
 * that comes whole. Of a line that is longer than the limit nothing is kept.
 */
export class PendingBytes {
  readonly #limitBytes: number;
  #buffer = Buffer.alloc(0);
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** How many bytes of memory it holds. */
  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** Copies a part of the line. */
  keep(part: Uint8Array): void {
    const size = this.#sizeBytes + part.length;
    if (size > this.#limitBytes) this.#buffer = Buffer.alloc(0);
    else {
      if (size > this.#buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(KEPT_BYTES, Math.min(2 * size, this.#limitBytes)));
        this.#buffer.copy(larger, 0, 0, this.#sizeBytes);
        this.#buffer = larger;
      }
      this.#buffer.set(part, this.#sizeBytes);
    }
    this.#sizeBytes = size;
  }

  /**
   * The whole line, of which this is the last part, and is only good until the next call; undefined where it was longer than
   * the limit. The next line begins.
   */
  takeWith(part: Buffer): Buffer | undefined {
    if (this.#sizeBytes === 0) return part.length > this.#limitBytes ? undefined : part;
    this.keep(part);
    const [line, size] = [this.#buffer, this.#sizeBytes];
    this.#sizeBytes = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.alloc(0);
    return size > this.#limitBytes ? undefined : line.subarray(0, size);
  }
}
