import { setTimeout as sleep } from 'node:timers/promises';

/** How long a push may pause and still be treated as running. */
export interface PushPauses {
  /** After a layer, before its manifest or another layer. */
  layerMs: number;
  /** After a manifest, before an index that lists it. */
  manifestMs: number;
}

const PAUSES: PushPauses = { layerMs: 120_000, manifestMs: 10_000 };
const LOOK_AGAIN_MS = 50;
/** The most repositories that the gate remembers; beyond that, the oldest push is treated as abandoned. */
const REPOSITORIES_LIMIT = 10_000;

/**
 * Keeps pushes apart from the collection of unused layers: nothing uses a layer that was pushed before its manifest, so
 * it would be taken for garbage. Pulls do not pass this gate.
 */
export class PushGate {
  readonly #monotonicMs: () => number;
  readonly #pauses: PushPauses;
  /** Repository → until when its push may continue. */
  readonly #openUntil = new Map<string, number>();
  #state: 'open' | 'draining' | 'closed' = 'open';
  #running = 0;
  #reopened = Promise.withResolvers<void>();

  constructor(monotonicMs: () => number, pauses = PAUSES) {
    this.#monotonicMs = monotonicMs;
    this.#pauses = pauses;
  }

  /** Records that a push to a repository continues: a layer was requested or arrived. */
  note(repository: string, what: 'layer' | 'manifest' = 'layer'): void {
    this.#openUntil.delete(repository);
    this.#openUntil.set(repository, this.#monotonicMs() + this.#pauses[`${what}Ms`]);
    const [oldest] = this.#openUntil.keys();
    if (this.#openUntil.size > REPOSITORIES_LIMIT && oldest !== undefined) this.#openUntil.delete(oldest);
  }

  /**
   * Lets a request write to a repository. Returns a function that ends the write, or undefined if the push is new and a
   * collection is running. A push that continues waits until the collection is over.
   */
  async enter(repository: string, begins: boolean): Promise<(() => void) | undefined> {
    while (this.#state !== 'open' && !(this.#state === 'draining' && this.#isPushedTo(repository))) {
      if (begins) return undefined;
      await this.#reopened.promise;
    }
    this.#running += 1;
    this.note(repository);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#running -= 1;
    };
  }

  /**
   * Runs `act` while nothing is pushed. Waits for running pushes to end; returns undefined, without calling `act`, if
   * they do not end within `waitMs`.
   */
  async alone<Result>(waitMs: number, act: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#state !== 'open') throw new Error('two collections at once');
    this.#state = 'draining';
    try {
      const endMs = this.#monotonicMs() + waitMs;
      while (this.#running > 0 || [...this.#openUntil.keys()].some((each) => this.#isPushedTo(each))) {
        if (this.#monotonicMs() > endMs) return undefined;
        await sleep(LOOK_AGAIN_MS);
      }
      this.#state = 'closed';
      return await act();
    } finally {
      this.#state = 'open';
      this.#reopened.resolve();
      this.#reopened = Promise.withResolvers();
    }
  }

  #isPushedTo(repository: string): boolean {
    const untilMs = this.#openUntil.get(repository);
    if (untilMs === undefined) return false;
    if (untilMs > this.#monotonicMs()) return true;
    this.#openUntil.delete(repository);
    return false;
  }
}
