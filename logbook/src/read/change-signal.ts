/** Wakes waiters when a log grows: at once for the first change, and once for those that follow within `quietMs`. */
export class ChangeSignal {
  readonly #quietMs: number;
  #waiting = new Set<() => void>();
  #lastFiredMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Calls `wake` at the next change, once, unless it is cancelled before. */
  next(wake: () => void): void {
    this.#waiting.add(wake);
  }

  /** Cancels a call of `next`. */
  forget(wake: () => void): void {
    this.#waiting.delete(wake);
  }

  notify(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#lastFiredMs + this.#quietMs - performance.now();
    if (waitMs <= 0) this.notifyNow();
    else this.#timer = setTimeout(() => this.notifyNow(), waitMs);
  }

  /** Wakes without delay, at the end of a log. */
  notifyNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastFiredMs = performance.now();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }
}
