import { ApiError } from '#rpc/api-error.ts';

/** How many searches may run, and wait. */
export interface SearchLimits {
  readonly running: number;
  /** Running and waiting ones, of one caller. */
  readonly each: number;
  /** Running and waiting ones, of all. */
  readonly total: number;
}

/**
 * Lets a few searches run at once and others wait for their turn, so that a storm of them leaves the machine to others.
 * Each is short: its budget ends it.
 */
export class SearchGate {
  readonly #limits: SearchLimits;
  readonly #perCaller = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: SearchLimits) {
    this.#limits = limits;
  }

  /** Runs a search when its turn comes. Throws 429 or 503 at once where too many are there. */
  async run<T>(caller: string, search: () => Promise<T>): Promise<T> {
    const own = this.#perCaller.get(caller) ?? 0;
    if (own >= this.#limits.each) {
      throw new ApiError(
        'Throttling',
        429,
        `Request was denied due to request throttling: there are ${own} searches of this caller.`,
      );
    }
    if (this.#running + this.#waiting.length >= this.#limits.total) {
      throw new ApiError(
        'ServiceUnavailable',
        503,
        'The request has failed due to a temporary failure of the server: too many searches wait.',
      );
    }
    this.#perCaller.set(caller, own + 1);
    try {
      await this.#turn();
      return await search().finally(() => this.#leave());
    } finally {
      const left = (this.#perCaller.get(caller) ?? 1) - 1;
      if (left === 0) this.#perCaller.delete(caller);
      else this.#perCaller.set(caller, left);
    }
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
