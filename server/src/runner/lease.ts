import type { LeaseHolder } from '#build/lease-holder.ts';
import { renewLease } from '#build/queue/queue-store.ts';
import type { Database } from '#db/database.ts';

/** Another worker has the record now: this one must not write a line, a status or an image for it. */
export class LeaseLost extends Error {
  constructor(buildRecordId: string, options?: ErrorOptions) {
    super(`the lease of build ${buildRecordId} was lost`, options);
  }
}

/** How long a lease lasts, and the clocks that measure it. */
export interface LeaseMeans {
  db: Database;
  now: () => number;
  monotonicMs: () => number;
  leaseMs: number;
}

/** When a lease was last asked for, by both clocks: a clock can be set back, and the other stops while a machine sleeps. */
export interface LeaseStart {
  ms: number;
  monotonicMs: number;
}

/**
 * The right to run one record. It is renewed while the holder is alive. After a pause longer than the lease, `held`
 * asks the database before anything else, so that a worker that slept while another took its record does no harm.
 */
export class Lease {
  readonly holder: LeaseHolder;
  readonly #means: LeaseMeans;
  readonly #onLost: (reason: LeaseLost) => void;
  #start: LeaseStart;
  #timer: NodeJS.Timeout | undefined;
  #lost: LeaseLost | undefined;

  constructor(means: LeaseMeans, holder: LeaseHolder, start: LeaseStart, onLost: (reason: LeaseLost) => void) {
    this.#means = means;
    this.holder = holder;
    this.#start = start;
    this.#onLost = onLost;
  }

  /** Renews the lease three times per duration, until `end`. If the database fails, retries until the lease is over. */
  start(): void {
    this.#timer = setInterval(() => {
      this.renew().catch((error: unknown) => {
        if (error instanceof LeaseLost || this.#isOver()) this.#lose(error);
      });
    }, this.#means.leaseMs / 3);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Resolves if the holder still has the record; costs nothing while the lease lasts. Throws `LeaseLost`. */
  async held(): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (this.#isOver()) await this.renew();
  }

  /** Asks the database, even if the lease has time left. Throws `LeaseLost`. */
  async renew(): Promise<void> {
    if (this.#lost) throw this.#lost;
    const { db, now, monotonicMs, leaseMs } = this.#means;
    const start = { ms: now(), monotonicMs: monotonicMs() };
    if (!(await renewLease(db, this.holder, start.ms + leaseMs))) throw this.#lose(undefined);
    this.#start = start;
  }

  /** Writes for the holder: `act` returns false if its statement found that the holder lost the record. Throws `LeaseLost`. */
  async write(act: (holder: LeaseHolder) => Promise<boolean>): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (!(await act(this.holder))) throw this.#lose(undefined);
  }

  #isOver(): boolean {
    const { now, monotonicMs, leaseMs } = this.#means;
    return Math.max(now() - this.#start.ms, monotonicMs() - this.#start.monotonicMs) > leaseMs;
  }

  #lose(cause: unknown): LeaseLost {
    if (this.#lost) return this.#lost;
    this.#lost = cause instanceof LeaseLost ? cause : new LeaseLost(this.holder.buildRecordId, { cause });
    this.end();
    this.#onLost(this.#lost);
    return this.#lost;
  }
}
