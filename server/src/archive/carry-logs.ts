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
const CLOSE_GRACE_MS = 2_000;

/**
 * Carries the sealed logs of this server's folder to the store elsewhere, one after another: at once and then periodically, until it is closed.
 * A build does not wait for it: until a log was carried, it is read here.
 */
export class LogCarrier {
  readonly #means: CarrierMeans;
  readonly #timer: NodeJS.Timeout;
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isAway = false;
  /** Logs that could not be carried. The next round begins with the others, so that none of these stops it. */
  readonly #failed = new Set<string>();

  constructor(means: CarrierMeans) {
    this.#means = means;
    let round = 0;
    this.#timer = setInterval(() => {
      round += 1;
      if (!this.#isAway || round % ROUNDS_AWAY === 0) this.wake();
    }, EVERY_MS);
    this.wake();
  }

  /** Looks for logs now. */
  readonly wake = (): void => {
    this.#working = this.#working.then(() => this.#carryAll());
  };

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
      for (const logId of this.#failed) if (!found.includes(logId)) this.#failed.delete(logId);
      for (const logId of found.sort((a, b) => Number(this.#failed.has(a)) - Number(this.#failed.has(b)))) {
        if (this.#isClosed) return;
        await this.#carry(logId);
        // The others would wait for it in vain, one after another.
        if (this.#isAway) return;
      }
    } catch (error) {
      this.#means.report('the sealed logs of this server could not be listed', error);
    }
  }

  async #carry(logId: string): Promise<void> {
    const { logbook, report, onReturn } = this.#means;
    try {
      await logbook.carry(logId);
      this.#failed.delete(logId);
      if (this.#isAway) onReturn();
      this.#isAway = false;
    } catch (error) {
      const [wasAway, isKnown] = [this.#isAway, this.#failed.has(logId)];
      this.#failed.add(logId);
      this.#isAway = isUnreachable(error) || isDatabaseUnavailable(error);
      if (this.#isAway ? wasAway : isKnown) return;
      const what = this.#isAway
        ? 'sealed logs stay on this server, because their store is away'
        : `the log of build ${logId} stays on this server`;
      report(what, error);
    }
  }
}
