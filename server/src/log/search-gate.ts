import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/api-error.ts';

/** How many searches may run, and wait. */
export interface SearchLimits {
  readonly running: number;
  /** Running and waiting ones, of one caller. */
  readonly each: number;
  /** And of one address, behind which several callers may be. */
  readonly eachAddress: number;
  /** Running and waiting ones, of all. */
  readonly total: number;
}

/** Who searches. */
export type Searcher = Pick<Principal, 'arn' | 'call'>;

/**
 * Lets a few searches run at once and others wait for their turn, so that a storm of them leaves the machine to others.
 * Each is short: its budget ends it.
 */
export class SearchGate {
  readonly #limits: SearchLimits;
  readonly #perOrigin = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: SearchLimits) {
    this.#limits = limits;
  }

  /** Runs a search when its turn comes. Throws 429 or 503 at once where too many are there. */
  async run<T>({ arn, call }: Searcher, search: () => Promise<T>): Promise<T> {
    const shares = [
      { key: `caller ${arn}`, of: 'caller', limit: this.#limits.each },
      { key: `address ${call?.sourceIp}`, of: 'address', limit: this.#limits.eachAddress },
    ];
    for (const { key, of, limit } of shares) {
      const own = this.#perOrigin.get(key) ?? 0;
      if (own < limit) continue;
      const why = `Request was denied due to request throttling: there are ${own} searches of this ${of}.`;
      throw new ApiError('Throttling', 429, why);
    }
    if (this.#running + this.#waiting.length >= this.#limits.total) {
      throw new ApiError(
        'ServiceUnavailable',
        503,
        'The request has failed due to a temporary failure of the server: too many searches wait.',
      );
    }
    for (const { key } of shares) this.#count(key, 1);
    try {
      await this.#turn();
      return await search().finally(() => this.#leave());
    } finally {
      for (const { key } of shares) this.#count(key, -1);
    }
  }

  #count(key: string, by: 1 | -1): void {
    const count = (this.#perOrigin.get(key) ?? 0) + by;
    if (count === 0) this.#perOrigin.delete(key);
    else this.#perOrigin.set(key, count);
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return;
    }
    // Who leaves hands its place over: the number that run stays.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
