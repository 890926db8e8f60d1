/** A longer break between two answers is an outage. */
const OUTAGE_MS = 10_000;

/**
 * Tells whether a server may believe that a lease is over because its holder died. After an outage of the database, all
 * leases are over at once, although their holders live: each must have had the time of a lease to renew its own.
 */
export class TakeoverGuard {
  readonly #monotonicMs: () => number;
  readonly #leaseMs: number;
  #sinceMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(monotonicMs: () => number, leaseMs: number) {
    this.#monotonicMs = monotonicMs;
    this.#leaseMs = leaseMs;
  }

  /** Notes that the database answered. Returns whether builds may be taken over: it has answered for a whole lease. */
  answered(): boolean {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#lastMs > OUTAGE_MS) this.#sinceMs = nowMs;
    this.#lastMs = nowMs;
    return nowMs - this.#sinceMs > this.#leaseMs;
  }
}
