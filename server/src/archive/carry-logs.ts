import { setTimeout as sleep } from 'node:timers/promises';
import { isUnreachable, type Logbook } from '@slipway/logbook';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';

/** What carries logs. */
interface CarrierMeans {
  logbook: Pick<Logbook, 'sealedHere' | 'carry'>;
  report: (message: string, error: unknown) => void;
  /** Told once when the store answers again after it did not. */
  onReturn: () => void;
}

const EVERY_MS = 5_000;
/** A store that is away is asked again after this number of them: each time, a log is read whole. */
const ROUNDS_AWAY = 6;
/** A log that cannot be carried as it is, such as a damaged one, is tried again after this number of them. */
const ROUNDS_REFUSED = 720;
const CLOSE_GRACE_MS = 2_000;

/**
 * Carries the sealed logs of this server's folder to the store elsewhere, one after another: at once and then periodically, until it is closed.
 * A build does not wait for it: until a log was carried, it is read here.
 */
export class LogCarrier {
  readonly #means: CarrierMeans;
  readonly #timer: NodeJS.Timeout;
  /** The round in progress. */
  #working: Promise<void> | undefined;
  #round = 0;
  #isClosed = false;
  #isAway = false;
  /** Logs that could not be carried. The next round begins with the others, so that none of these stops it. */
  readonly #failed = new Set<string>();
  /** Logs that cannot be carried as they are, and the round in which they are tried again. */
  readonly #refused = new Map<string, number>();

  constructor(means: CarrierMeans) {
    this.#means = means;
    this.#timer = setInterval(() => {
      this.#round += 1;
      if (!this.#isAway || this.#round % ROUNDS_AWAY === 0) this.wake();
    }, EVERY_MS);
    this.wake();
  }

  /** Looks for logs now, unless it does already. */
  wake(): void {
    this.#working ??= this.#carryAll().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when it has looked at all logs. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Carries no more logs. Gives the one that is being carried a moment: to interrupt it does no harm. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.race([this.#working, sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
  }

  async #carryAll(): Promise<void> {
    try {
      const found = await this.#means.logbook.sealedHere();
      for (const logId of this.#failed) if (!found.includes(logId)) this.#forget(logId);
      const due = found.filter((logId) => (this.#refused.get(logId) ?? 0) <= this.#round);
      for (const logId of due.sort((a, b) => Number(this.#failed.has(a)) - Number(this.#failed.has(b)))) {
        if (this.#isClosed) return;
        await this.#carry(logId);
        // The others would wait for it in vain, one after another.
        if (this.#isAway) return;
      }
    } catch (error) {
      this.#means.report('the sealed logs of this server could not be listed', error);
    }
  }

  #forget(logId: string): void {
    this.#failed.delete(logId);
    this.#refused.delete(logId);
  }

  async #carry(logId: string): Promise<void> {
    const { logbook, report, onReturn } = this.#means;
    try {
      await logbook.carry(logId);
      this.#forget(logId);
      if (this.#isAway) onReturn();
      this.#isAway = false;
    } catch (error) {
      const [wasAway, isKnown] = [this.#isAway, this.#failed.has(logId)];
      this.#failed.add(logId);
      this.#isAway = isUnreachable(error) || isDatabaseUnavailable(error);
      if (!this.#isAway) this.#refused.set(logId, this.#round + ROUNDS_REFUSED);
      if (this.#isAway ? wasAway : isKnown) return;
      const what = this.#isAway
        ? 'sealed logs stay on this server, because their store is away'
        : `the log of build ${logId} stays on this server`;
      report(what, error);
    }
  }
}
