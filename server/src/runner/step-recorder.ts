import type { BuildStep } from '#build/build-step.ts';
import type { AnnouncedStep } from './step-tracker.ts';

/** What a recorder writes with. */
export interface StepRecorderMeans {
  /** Inserts or replaces steps of the build. */
  save(steps: readonly BuildStep[]): Promise<void>;
  now: () => number;
}

/**
 * Keeps the steps of one build in its record while they run. What begins while the last write is under way goes into the
 * next one, so that a hundred cached steps cost a few writes. The first write that fails is thrown by `end`.
 */
export class StepRecorder {
  readonly #means: StepRecorderMeans;
  readonly #dirty = new Map<number, BuildStep>();
  #newest: BuildStep | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #failure: unknown;

  constructor(means: StepRecorderMeans) {
    this.#means = means;
  }

  /** A step begins: the one before has ended well. */
  begin(announced: AnnouncedStep): void {
    const startedMs = this.#means.now();
    if (this.#newest) this.#change({ endedMs: startedMs, exitCode: 0 });
    this.#newest = { ...announced, cached: false, startedMs, endedMs: undefined, exitCode: undefined };
    this.#change({});
  }

  /** The newest step's layer came from the cache. */
  cached(): void {
    this.#change({ cached: true });
  }

  /** The builder has ended; `exitCode` is undefined if it did not live to give one. Resolves when all steps are stored. */
  async end(exitCode: number | undefined): Promise<void> {
    if (this.#newest?.endedMs === undefined) this.#change({ endedMs: this.#means.now(), exitCode });
    while (this.#isWriting) await this.#writing;
    if (this.#failure !== undefined) throw new Error('store the steps of a build', { cause: this.#failure });
  }

  #change(change: Partial<BuildStep>): void {
    if (!this.#newest) return;
    this.#newest = { ...this.#newest, ...change };
    this.#dirty.set(this.#newest.step, this.#newest);
    if (!this.#isWriting) this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // What else happens in this turn goes into the same write.
    await Promise.resolve();
    while (this.#dirty.size > 0 && this.#failure === undefined) {
      const steps = [...this.#dirty.values()];
      this.#dirty.clear();
      try {
        await this.#means.save(steps);
      } catch (error) {
        this.#failure = error;
      }
    }
    this.#isWriting = false;
  }
}
