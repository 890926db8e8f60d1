/** The number of events that all catching-up followers together get in one turn of the event loop. */
const EVENTS_PER_TURN = 4;

/**
 * Lets followers that are behind continue a few at a time, in the order of their requests. However many catch up on a long log,
 * other work, including followers at the end of a log, waits for only a few events.
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
