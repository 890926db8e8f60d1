/** Lets a number of tasks run at once; the others wait for their turn, in order. */
export class Semaphore {
  readonly #limit: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Tasks that wait for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Tasks that run or wait. */
  get held(): number {
    return this.#running + this.#queue.length;
  }

  /** Runs a task when its turn comes, and gives what it gives. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#limit) this.#running += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await task();
    } finally {
      // A task that ends hands its place over: nobody who comes meanwhile can take it too.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
