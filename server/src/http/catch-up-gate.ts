/** Followers that are behind get so many events in one turn of the event loop, all together. */
const EVENTS_PER_TURN = 4;

/**
 * Lets those who are behind read on a few at a time, in the order in which they ask: however many catch up with a long log,
 * other work, those who are at its end among it, waits for a few events only.
 */
export class CatchUpGate {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Resolves when it is the caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const next of this.#waiting.splice(0, EVENTS_PER_TURN)) next();
      this.#schedule();
    });
  }
}
