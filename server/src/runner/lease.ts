import type { LeaseHolder } from '#build/lease-holder.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import type { Jobs } from './jobs/jobs.ts';

/** How long a worker has a record that it claimed, unless it renews it. */
export const BUILD_LEASE_MS = 60_000;

/** Another worker has the record now: this one must not write a line, a status or an image for it. */
export class LeaseLost extends Error {
  constructor(buildRecordId: string, options?: ErrorOptions) {
    super(`the lease of build ${buildRecordId} was lost`, options);
  }
}

/** How long a lease lasts, and the clocks that measure it. */
export interface LeaseMeans {
  jobs: Pick<Jobs, 'beat'>;
  now: () => number;
  monotonicMs: () => number;
  leaseMs: number;
}

/** When a lease was last asked for, by both clocks: a clock can be set, and the other stops while a machine sleeps. */
export interface LeaseStart {
  ms: number;
  monotonicMs: number;
}

/**
 * The right to run one record. Its runner renews it. After a pause longer than the lease, `held` asks before anything else, so
 * that a worker that slept while another took its record does no harm.
 */
export class Lease {
  readonly holder: LeaseHolder;
  readonly #means: LeaseMeans;
  readonly #onLost: (reason: LeaseLost) => void;
  #start: LeaseStart;
  #lost: LeaseLost | undefined;
  #isClosed = false;

  constructor(means: LeaseMeans, holder: LeaseHolder, start: LeaseStart, onLost: (reason: LeaseLost) => void) {
    this.#means = means;
    this.holder = holder;
    this.#start = start;
    this.#onLost = onLost;
  }

  /** Resolves if the holder still has the record; costs nothing while the lease lasts. Throws `LeaseLost`. */
  async held(): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (this.#isClosed) return;
    if (this.#mayBeOver) await this.renew();
  }

  /** Asks for a new lease, even if this one has time left. Throws `LeaseLost`. */
  async renew(): Promise<void> {
    if (this.#lost) throw this.#lost;
    const { jobs, now, monotonicMs, leaseMs } = this.#means;
    const start = { ms: now(), monotonicMs: monotonicMs() };
    const { lost } = await jobs.beat([this.holder], leaseMs);
    if (lost.length > 0) throw this.lose(undefined);
    this.#start = start;
  }

  /** Notes that it was renewed, by a request of that time. */
  renewed(start: LeaseStart): void {
    this.#start = start;
  }

  /**
   * Notes that it could not be renewed, and gives the record up if the lease is over. A clock that was set ends none. While the database
   * is away nobody can take the record, and then `held` asks before anything else.
   */
  notRenewed(error: unknown): void {
    const { monotonicMs, leaseMs } = this.#means;
    const isOver = monotonicMs() - this.#start.monotonicMs > leaseMs;
    if (isOver && !isDatabaseUnavailable(error)) this.lose(error);
  }

  /** Writes for the holder: `act` returns false if its statement found that the holder lost the record. Throws `LeaseLost`. */
  async write(act: (holder: LeaseHolder) => Promise<boolean>): Promise<void> {
    if (this.#lost) throw this.#lost;
    if (!(await act(this.holder))) throw this.lose(undefined);
  }

  /** Whether it may be another's by now, by either clock: to ask costs little. */
  get #mayBeOver(): boolean {
    const { now, monotonicMs, leaseMs } = this.#means;
    return Math.max(now() - this.#start.ms, monotonicMs() - this.#start.monotonicMs) > leaseMs;
  }

  /**
   * Says that the record is about to be final, which tells whether the holder still has it. From then on nobody has it, and that is no
   * loss: the log is only sealed.
   */
  close(): void {
    this.#isClosed = true;
  }

  /** Notes that another has the record, or may have it, and stops the build. Returns the first reason. */
  lose(cause: unknown): LeaseLost {
    if (this.#lost) return this.#lost;
    const lost = cause instanceof LeaseLost ? cause : new LeaseLost(this.holder.buildRecordId, { cause });
    if (this.#isClosed) return lost;
    this.#lost = lost;
    this.#onLost(lost);
    return lost;
  }
}
