import { Semaphore } from '#admission/semaphore.ts';
import { Shares } from '#admission/shares.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** How many searches may run and wait. */
export interface SearchLimits {
  readonly running: number;
  /** Running and waiting searches of one caller. */
  readonly each: number;
  /** Running and waiting searches of one address, which several callers may share. */
  readonly eachAddress: number;
  /** Running and waiting searches in total. */
  readonly total: number;
}

/** The caller of a search. */
export type Searcher = Pick<Principal, 'arn' | 'call'>;

/**
 * Runs a few searches at once and lets others wait their turn, so that a storm of searches does not block other work. Each is
 * short, because its budget ends it.
 */
export class SearchGate {
  readonly #limits: SearchLimits;
  readonly #shares = new Shares();
  readonly #semaphore: Semaphore;

  constructor(limits: SearchLimits) {
    this.#limits = limits;
    this.#semaphore = new Semaphore(limits.running);
  }

  /** Runs a search when its turn comes. Throws 429 or 503 at once if a limit is reached. */
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
        'The request has failed due to a temporary failure of the server: too many searches are waiting.',
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
