import type { BuildStep } from '#build/build-step.ts';
import type { AnnouncedStep } from './builder-progress.ts';

/** What a recorder needs. */
export interface StepRecorderMeans {
  /** Inserts or replaces steps of the build. */
  save(steps: readonly BuildStep[]): Promise<void>;
  now: () => number;
}

/**
 * Stores the steps of one build in its record while they run. Steps that start during a write go into the next one, so
 * a hundred cached steps cost a few writes. `close` throws the first write error.
 */
export class StepRecorder {
  readonly #means: StepRecorderMeans;
  readonly #running = new Map<number, BuildStep>();
  readonly #dirty = new Map<number, BuildStep>();
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #failure: unknown;

  constructor(means: StepRecorderMeans) {
    this.#means = means;
  }

  /** A step starts; others may be running. */
  begin(announced: AnnouncedStep): void {
    const step = { cached: false, startedMs: this.#means.now(), endedMs: undefined, exitCode: undefined };
    this.#running.set(announced.step, { ...announced, ...step });
    this.#change(announced.step, {});
  }

  /** A step has ended. `exitCode` is 0 if it succeeded, undefined if it failed without a program. */
  end(step: number, how: Pick<BuildStep, 'cached' | 'exitCode'>): void {
    this.#change(step, { ...how, endedMs: this.#means.now() });
    this.#running.delete(step);
  }

  /** The builder has ended, and with it all running steps. Resolves when all steps are stored. */
  async close(): Promise<void> {
    for (const step of [...this.#running.keys()]) this.end(step, { cached: false, exitCode: undefined });
    while (this.#isWriting) await this.#writing;
    if (this.#failure !== undefined) throw new Error('store the steps of a build', { cause: this.#failure });
  }

  #change(step: number, change: Partial<BuildStep>): void {
    const known = this.#running.get(step);
    if (known === undefined) return;
    const changed = { ...known, ...change };
    this.#running.set(step, changed);
    this.#dirty.set(step, changed);
    if (!this.#isWriting) this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // Other changes in this tick go into the same write.
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
