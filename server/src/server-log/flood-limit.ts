/** How many lines of one message were left out within a window. */
export interface LeftOut {
  readonly message: string;
  readonly count: number;
}

const WINDOW_MS = 60_000;
/** Lines of one message in a window. */
const ALL = 200;
/** Of these, the lines about one address, so that a single client cannot hide the others. */
const EACH = 20;
const KNOWN_LIMIT = 10_000;

/**
 * Limits how many lines each message gets in a minute, so that a flood of refusals cannot fill the disk. Messages that
 * name a build are different messages, so the lines of builds are never left out.
 */
export class FloodLimit {
  readonly #tell: (leftOut: LeftOut) => void;
  readonly #counts = new Map<string, number>();
  readonly #leftOut = new Map<string, number>();
  #window: NodeJS.Timeout | undefined;

  /** `tell` is called at the end of each window, once for each message of which lines were left out. */
  constructor(tell: (leftOut: LeftOut) => void) {
    this.#tell = tell;
  }

  /** Whether a line may be written. Otherwise it is counted. */
  admits(message: string, address = ''): boolean {
    this.#window ??= setTimeout(() => this.flush(), WINDOW_MS).unref();
    const fits = (key: string, limit: number) => {
      const count = this.#counts.get(key) ?? 0;
      if (count >= limit) return false;
      if (this.#counts.size >= KNOWN_LIMIT) this.#counts.clear();
      this.#counts.set(key, count + 1);
      return true;
    };
    if ((address === '' || fits(`${address} ${message}`, EACH)) && fits(message, ALL)) return true;
    if (this.#leftOut.size < KNOWN_LIMIT || this.#leftOut.has(message))
      this.#leftOut.set(message, (this.#leftOut.get(message) ?? 0) + 1);
    return false;
  }

  /** Ends the window now. */
  flush(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    this.#counts.clear();
    const all = [...this.#leftOut];
    this.#leftOut.clear();
    for (const [message, count] of all) this.#tell({ message, count });
  }
}
