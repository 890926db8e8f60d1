/** Wakes those who wait for a log to grow: the first change at once, what follows within `quietMs` as one. */
export class ChangeSignal {
  readonly #quietMs: number;
  #waiting: (() => void)[] = [];
  #lastFiredMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Resolves at the next change, or when `signal` is aborted. */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== done);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.push(done);
    });
  }

  notify(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#lastFiredMs + this.#quietMs - performance.now();
    if (waitMs <= 0) this.notifyNow();
    else this.#timer = setTimeout(() => this.notifyNow(), waitMs);
  }

  /** Wakes without delay: for the end of a log. */
  notifyNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastFiredMs = performance.now();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
