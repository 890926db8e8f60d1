import type { Database } from '#db/database.ts';
import { leaveDuty, takeDuty } from './duty-store.ts';

/** What a duty works with. */
export interface DutyMeans {
  db: Database;
  nodeId: string;
  monotonicMs: () => number;
  report: (message: string, error: unknown) => void;
}

const LEASE_MS = 15 * 60_000;
const RENEW_EVERY_MS = LEASE_MS / 3;

/**
 * Periodic work that one of the nodes with the same database does for all, such as removing what has expired. Work that has begun may
 * continue for a while after another node took the duty, so it must do no harm twice.
 */
export class Duty {
  readonly #name: string;
  readonly #means: DutyMeans;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(name: string, means: DutyMeans) {
    this.#name = name;
    this.#means = means;
  }

  /** Asks for the duty, and from then on again and again until `close`. */
  async start(): Promise<void> {
    await this.#ask();
    this.#timer = setInterval(() => {
      this.#asking = this.#ask();
    }, RENEW_EVERY_MS);
  }

  /** Whether this node has the duty. */
  isMine = (): boolean => this.#means.monotonicMs() < this.#heldUntilMs;

  /** Leaves the duty to the next node that asks. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking;
    this.#heldUntilMs = Number.NEGATIVE_INFINITY;
    await leaveDuty(this.#means.db, { name: this.#name, nodeId: this.#means.nodeId });
  }

  async #ask(): Promise<void> {
    const { db, nodeId, monotonicMs, report } = this.#means;
    // From before the question: the answer may take its time.
    const untilMs = monotonicMs() + LEASE_MS;
    try {
      const isTaken = await takeDuty(db, { name: this.#name, nodeId, leaseMs: LEASE_MS });
      this.#heldUntilMs = isTaken ? untilMs : Number.NEGATIVE_INFINITY;
    } catch (error) {
      report('the server could not ask for its share of the upkeep', error);
    }
  }
}
