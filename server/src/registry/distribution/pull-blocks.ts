/**
 * A read from a file goes through another thread, and a write wakes the client. In blocks of this size, both cost little beside
 * the copying of the bytes; in larger ones, little less (docs/benchmarks.md).
 */
const LARGE_BYTES = 512 * 1024;
const SMALL_BYTES = 64 * 1024;
/** How many pulls have large blocks. The others have small ones, because a slow client can keep its blocks for hours. */
const LARGE_PULLS = 32;

/** The blocks of one pull, which fills one while the client takes the other. */
export interface TakenBlocks extends Disposable {
  readonly pair: readonly [Buffer, Buffer];
}

/** Memory for the bytes of all pulls. */
export class PullBlocks {
  #large = 0;

  /** Blocks for a layer, no larger than it. */
  take(sizeBytes: number): TakenBlocks {
    const isLarge = sizeBytes > SMALL_BYTES && this.#large < LARGE_PULLS;
    const blockBytes = Math.min(sizeBytes, isLarge ? LARGE_BYTES : SMALL_BYTES);
    if (isLarge) this.#large += 1;
    return {
      pair: [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)],
      [Symbol.dispose]: () => {
        if (isLarge) this.#large -= 1;
      },
    };
  }
}
