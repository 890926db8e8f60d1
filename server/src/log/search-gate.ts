import { Semaphore } from '#admission/semaphore.ts';
import { Shares } from '#admission/shares.ts';
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
  readonly #shares = new Shares();
  readonly #semaphore: Semaphore;

  constructor(limits: SearchLimits) {
    this.#limits = limits;
    this.#semaphore = new Semaphore(limits.running);
  }

  /** Runs a search when its turn comes. Throws 429 or 503 at once where too many are there. */
  async run<T>({ arn, call }: Searcher, search: () => Promise<T>): Promise<T> {
    const shares = [
      { key: `caller ${arn}`, of: 'caller', limit: this.#limits.each },
      { key: `address ${call?.sourceIp}`, of: 'address', limit: this.#limits.eachAddress },
    ];
    for (const { key, of, limit } of shares) {
      const own = this.#shares.of(key);
      if (own < limit) continue;
      const why = `Request was denied due to request throttling: there are ${own} searches of this ${of}.`;
      throw new ApiError('Throttling', 429, why);
    }
    if (this.#semaphore.held >= this.#limits.total) {
      throw new ApiError(
        'ServiceUnavailable',
        503,
        'The request has failed due to a temporary failure of the server: too many searches wait.',
      );
    }
    for (const { key } of shares) this.#shares.add(key, 1);
    try {
      return await this.#semaphore.run(search);
    } finally {
      for (const { key } of shares) this.#shares.add(key, -1);
    }
  }
}
