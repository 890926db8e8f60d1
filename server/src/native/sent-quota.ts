import { Shares } from '#admission/shares.ts';
import { ApiError } from '#rpc/api-error.ts';

/** What each sender's folders take of the disk: those that are there, and those that are coming. */
export class SentQuota {
  readonly #limitBytes: number;
  readonly #storedBytes: (owner: string) => Promise<number>;
  readonly #coming = new Shares();

  /** `storedBytes` tells what of an owner is there. */
  constructor(limitBytes: number, storedBytes: (owner: string) => Promise<number>) {
    this.#limitBytes = limitBytes;
    this.#storedBytes = storedBytes;
  }

  /**
   * Has `store` take a body, and gives what it gives. Throws `SOURCE_QUOTA_EXCEEDED` before anything is read if so many bytes
   * would be too much, and while it is read once it is; `store` then sees its stream fail.
   */
  async take<R>(
    owner: string,
    body: AsyncIterable<Buffer>,
    announcedBytes: number,
    store: (content: AsyncIterable<Buffer>) => Promise<R>,
  ): Promise<R> {
    const storedBytes = await this.#storedBytes(owner);
    let takenBytes = 0;
    const count = (sizeBytes: number) => {
      if (storedBytes + this.#coming.of(owner) + sizeBytes > this.#limitBytes) throw quotaExceeded(this.#limitBytes);
      this.#coming.add(owner, sizeBytes);
      takenBytes += sizeBytes;
    };
    // What is announced counts from the start, and what comes beyond that as it comes.
    count(announcedBytes);
    async function* counted(): AsyncGenerator<Buffer> {
      let readBytes = 0;
      for await (const chunk of body) {
        readBytes += chunk.length;
        if (readBytes > takenBytes) count(readBytes - takenBytes);
        yield chunk;
      }
    }
    try {
      return await store(counted());
    } finally {
      this.#coming.add(owner, -takenBytes);
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
