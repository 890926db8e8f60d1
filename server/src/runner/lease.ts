import { type Holder, renewLease } from '#build/queue/build-queue.ts';
import type { Database } from '#db/database.ts';

/** The record is another's by now: nothing may be written for it, neither a line nor a status nor an image. */
export class LeaseLost extends Error {
  constructor(buildRecordId: string, options?: ErrorOptions) {
    super(`the lease of build ${buildRecordId} was lost`, options);
  }
}

/** How long a lease lasts, and the clock that it is measured by. */
export interface LeaseMeans {
  db: Database;
  now: () => number;
  leaseMs: number;
}

/**
 * The right to run one record. It is renewed while the holder lives; after a pause that outlasted it, `held` asks the
 * database before anything else is done, so that a worker that was asleep while another took its record does no harm.
 */
export class Lease {
  readonly holder: Holder;
  readonly #means: LeaseMeans;
  readonly #onLost: (reason: LeaseLost) => void;
  #untilMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lost: LeaseLost | undefined;

  constructor(means: LeaseMeans, holder: Holder, untilMs: number, onLost: (reason: LeaseLost) => void) {
    this.#means = means;
    this.holder = holder;
    this.#untilMs = untilMs;
    this.#onLost = onLost;
  }

  /** Renews it three times in its length from here on, until `end`. A failing database is asked again until it is over. */
  start(): void {
    this.#timer = setInterval(() => {
      this.renew().catch((error: unknown) => {
        if (error instanceof LeaseLost || this.#means.now() > this.#untilMs) this.#lose(error);
      });
    }, this.#means.leaseMs / 3);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Resolves if the record is the holder's now; costs nothing while the lease lasts. Throws `LeaseLost`. */
  async held(): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (this.#means.now() > this.#untilMs) await this.renew();
  }

  /** Asks the database, whatever is left of the lease. Throws `LeaseLost`. */
  async renew(): Promise<void> {
    if (this.#lost) throw this.#lost;
    const untilMs = this.#means.now() + this.#means.leaseMs;
    if (await renewLease(this.#means.db, this.holder, untilMs)) this.#untilMs = untilMs;
    else throw this.#lose(undefined);
  }

  #lose(cause: unknown): LeaseLost {
    if (this.#lost) return this.#lost;
    this.#lost = cause instanceof LeaseLost ? cause : new LeaseLost(this.holder.buildRecordId, { cause });
    this.end();
    this.#onLost(this.#lost);
    return this.#lost;
  }
}
