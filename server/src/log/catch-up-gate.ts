/** Followers that are behind get so many events in one turn of the event loop, all together. */
const EVENTS_PER_TURN = 4;

/**
 * Lets those who are behind read on a few at a time, in the order in which they ask: however many catch up with a long log,
 * other work, those who are at its end among it, waits for a few events only.
 */
export class CatchUpGate {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Calls `act` when it is the caller's turn. */
  next(act: () => void): void {
    this.#waiting.push(act);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const act of this.#waiting.splice(0, EVENTS_PER_TURN)) act();
      this.#schedule();
    });
  }
}
