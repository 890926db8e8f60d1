/** One act: does a part of its work and returns whether it is done. */
type Act = () => boolean;

interface Waiting {
  act: Act;
  resolve: () => void;
  reject: (error: Error) => void;
}

const DONE = Promise.resolve();

/** Runs acts in the order of their arrival, each as far as there is room. */
export class WriteQueue {
  readonly #hasRoom: () => boolean;
  #waiting: Waiting[] = [];

  constructor(hasRoom: () => boolean) {
    this.#hasRoom = hasRoom;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Runs an act now if nothing waits and there is room, or else when its turn comes. Resolves when it is done. */
  run(act: Act): Promise<void> {
    if (this.isEmpty) {
      while (this.#hasRoom()) if (act()) return DONE;
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ act, resolve, reject });
    });
  }

  /** Continues, after room was made. */
  drain(): void {
    let taken = 0;
    for (; taken < this.#waiting.length && this.#hasRoom(); ) {
      const next = this.#waiting[taken];
      if (next?.act() !== true) continue;
      next.resolve();
      taken += 1;
    }
    if (taken > 0) this.#waiting.splice(0, taken);
  }

  /** Rejects everything that waits. */
  refuse(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}
