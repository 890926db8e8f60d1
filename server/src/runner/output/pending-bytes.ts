const KEPT_BYTES = 64 * 1024;

/**
 * The start of a line whose end has not arrived: one growing buffer, so that a line in tiny pieces needs no more memory
 * than a whole one. A line longer than the limit is not kept.
 */
export class PendingBytes {
  readonly #limitBytes: number;
  #buffer = Buffer.alloc(0);
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** How many bytes of memory it uses. */
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
   * Returns the whole line, given its last part; valid only until the next call. Undefined if the line was longer than
   * the limit. The next line starts.
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
