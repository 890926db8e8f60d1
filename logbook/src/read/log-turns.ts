/** Keeps changes of a log apart: only one at a time creates, recovers, repairs or removes it. */
export class LogTurns {
  readonly #busy = new Set<string>();
  readonly #hidden = new Set<string>();

  /** Whether a log is being changed. */
  isBusy(logId: string): boolean {
    return this.#busy.has(logId);
  }

  /** Whether a log must not be opened, because its reader would see a half-made log. */
  isHidden(logId: string): boolean {
    return this.#hidden.has(logId);
  }

  /** Changes a log. Throws if another change of it has not ended. */
  async alone<T>(logId: string, change: () => Promise<T>): Promise<T> {
    if (this.#busy.has(logId)) throw new Error(`log ${logId} is being opened`);
    this.#busy.add(logId);
    try {
      return await change();
    } finally {
      this.#busy.delete(logId);
    }
  }

  /** Changes a log's files while nobody can open them. */
  async unseen<T>(logId: string, change: () => Promise<T>): Promise<T> {
    this.#hidden.add(logId);
    try {
      return await change();
    } finally {
      this.#hidden.delete(logId);
    }
  }
}
