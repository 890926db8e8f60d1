import { type LeaseHolder, renewLease } from '#build/queue/queue-store.ts';
import type { Database } from '#db/database.ts';

/** Another worker has the record now: this one must not write a line, a status or an image for it. */
export class LeaseLost extends Error {
  constructor(buildRecordId: string, options?: ErrorOptions) {
    super(`the lease of build ${buildRecordId} was lost`, options);
  }
}

/** How long a lease lasts, and the clock that measures it. */
export interface LeaseMeans {
  db: Database;
  now: () => number;
  leaseMs: number;
}

/**
 * The right to run one record. It is renewed while the holder is alive. After a pause longer than the lease, `held`
 * asks the database before anything else, so that a worker that slept while another took its record does no harm.
 */
export class Lease {
  readonly holder: LeaseHolder;
  readonly #means: LeaseMeans;
  readonly #onLost: (reason: LeaseLost) => void;
  #untilMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lost: LeaseLost | undefined;

  constructor(means: LeaseMeans, holder: LeaseHolder, untilMs: number, onLost: (reason: LeaseLost) => void) {
    this.#means = means;
    this.holder = holder;
    this.#untilMs = untilMs;
    this.#onLost = onLost;
  }

  /** Renews the lease three times per duration, until `end`. If the database fails, retries until the lease is over. */
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

  /** Resolves if the holder still has the record; costs nothing while the lease lasts. Throws `LeaseLost`. */
  async held(): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (this.#means.now() > this.#untilMs) await this.renew();
  }

  /** Asks the database, even if the lease has time left. Throws `LeaseLost`. */
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
