import { ApiError } from '#rpc/errors/api-error.ts';

/** What one sender is sending, as long as there is something. */
interface OnTheWay {
  bodies: number;
  comingBytes: number;
  /** The bytes of bodies that ended while others were still coming. */
  landedBytes: number;
}

/** Limits how much disk each sender's folders take: stored ones and those that are coming. */
export class SentQuota {
  readonly #limitBytes: number;
  readonly #storedBytes: (owner: string) => Promise<number>;
  readonly #ways = new Map<string, OnTheWay>();

  /** `storedBytes` returns how much an owner has stored. */
  constructor(limitBytes: number, storedBytes: (owner: string) => Promise<number>) {
    this.#limitBytes = limitBytes;
    this.#storedBytes = storedBytes;
  }

  /**
   * Lets `store` read a body, and returns its result. Throws `SOURCE_QUOTA_EXCEEDED` before anything is read if the
   * stated size would exceed the quota, or while the body is read, as soon as it does; `store` then sees its stream
   * fail.
   */
  async take<R>(
    owner: string,
    body: AsyncIterable<Buffer>,
    announcedBytes: number,
    store: (content: AsyncIterable<Buffer>) => Promise<R>,
  ): Promise<R> {
    const way = this.#ways.get(owner) ?? { bodies: 0, comingBytes: 0, landedBytes: 0 };
    this.#ways.set(owner, way);
    way.bodies += 1;
    let takenBytes = 0;
    try {
      // Bodies that end from now on were not part of that sum.
      const landedBefore = way.landedBytes;
      const storedBytes = await this.#storedBytes(owner);
      const count = (sizeBytes: number) => {
        const heldBytes = storedBytes + way.landedBytes - landedBefore + way.comingBytes;
        if (heldBytes + sizeBytes > this.#limitBytes) throw quotaExceeded(this.#limitBytes);
        way.comingBytes += sizeBytes;
        takenBytes += sizeBytes;
      };
      // The stated size counts from the start; bytes beyond it count as they come.
      count(announcedBytes);
      async function* counted(): AsyncGenerator<Buffer> {
        let readBytes = 0;
        for await (const chunk of body) {
          readBytes += chunk.length;
          if (readBytes > takenBytes) count(readBytes - takenBytes);
          yield chunk;
        }
      }
      const stored = await store(counted());
      way.landedBytes += takenBytes;
      return stored;
    } finally {
      way.comingBytes -= takenBytes;
      way.bodies -= 1;
      if (way.bodies === 0) this.#ways.delete(owner);
    }
  }
}

function quotaExceeded(limitBytes: number): ApiError {
  return new ApiError(
    'SOURCE_QUOTA_EXCEEDED',
    403,
    `Your sent folders that were not built yet would take more than ${limitBytes} bytes. Wait until their builds have ended, or raise the server's setting sent-source-mebibytes.`,
  );
}
