/** Runs at most `limit` tasks at once. The others wait their turn, in order. */
export class Semaphore {
  readonly #limit: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Tasks waiting for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Tasks running or waiting. */
  get held(): number {
    return this.#running + this.#queue.length;
  }

  /** Runs a task when its turn comes and returns its result. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#limit) this.#running += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await task();
    } finally {
      // A task that ends hands its slot to the next in line, so that a newcomer cannot take it too.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
