import { Semaphore } from '#admission/semaphore.ts';
import { Shares } from '#admission/shares.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** How many calls of a kind may run and wait. */
interface GateLimits {
  /** What they are, as errors name them. */
  readonly name: string;
  readonly running: number;
  /** Running and waiting calls of one caller. */
  readonly each: number;
  /** The same of one address, which several callers may share. */
  readonly eachAddress: number;
  /** Running and waiting calls in total. */
  readonly total: number;
}

/** Who calls, and from where. */
export type GateCaller = Pick<Principal, 'arn' | 'call'>;

/**
 * Runs a few slow calls at once and lets others wait their turn, so that a storm of them does not block other work. Calls that
 * others wait for must be short, because their budget or a time limit ends them. An upload may be slow; behind it nothing waits.
 */
export class CallGate {
  readonly #limits: GateLimits;
  readonly #shares = new Shares();
  readonly #semaphore: Semaphore;

  constructor(limits: GateLimits) {
    this.#limits = limits;
    this.#semaphore = new Semaphore(limits.running);
  }

  /** Runs a call when its turn comes. Throws 429 or 503 at once if a limit is reached. */
  async run<T>({ arn, call }: GateCaller, act: () => Promise<T>): Promise<T> {
    const shares = [
      { key: `caller ${arn}`, of: 'caller', limit: this.#limits.each },
      { key: `address ${call?.sourceIp}`, of: 'address', limit: this.#limits.eachAddress },
    ];
    for (const { key, of, limit } of shares) {
      const own = this.#shares.of(key);
      if (own < limit) continue;
      const why = `Request was denied due to request throttling: this ${of} already has ${own} ${this.#limits.name} running or waiting.`;
      throw new ApiError('Throttling', 429, why);
    }
    if (this.#semaphore.held >= this.#limits.total) {
      throw new ApiError(
        'ServiceUnavailable',
        503,
        `The request has failed due to a temporary failure of the server: too many ${this.#limits.name} are waiting.`,
      );
    }
    for (const { key } of shares) this.#shares.add(key, 1);
    try {
      return await this.#semaphore.run(act);
    } finally {
      for (const { key } of shares) this.#shares.add(key, -1);
    }
  }
}
