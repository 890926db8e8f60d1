import type { LogWriter, Seal } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import { StepTracker } from './step-tracker.ts';

const SPOKEN: Record<Stage, string> = {
  GIT_CLONE: 'fetch',
  DOCKER_IMAGE_BUILD: 'build',
  DOCKER_IMAGE_PUSH: 'push',
};

/** One build's log as the runner writes it: a header, then stages that open and close with a line each. */
export class BuildLog {
  readonly #writer: LogWriter;
  readonly #monotonicMs: () => number;
  #open: { stage: Stage; startedMs: number } | undefined;

  constructor(writer: LogWriter, monotonicMs: () => number) {
    this.#writer = writer;
    this.#monotonicMs = monotonicMs;
  }

  /** Goes on in a stage that an earlier life began; `undefined` if it had closed it. */
  resume(open: { stage: Stage; startedMs: number } | undefined): void {
    this.#open = open;
  }

  /** Line 1 of every build. It carries the first stage, which has not begun. */
  async header(text: string): Promise<void> {
    this.#writer.stage('GIT_CLONE');
    await this.#writer.line(text);
  }

  /** Runs one stage between its opening and its closing line; the closing line follows `reportFailure` if it throws. */
  async stage<T>(stage: Stage, run: () => Promise<T>, failureLine: (error: unknown) => string): Promise<T> {
    await this.begin(stage);
    let result: T;
    try {
      result = await run();
    } catch (error) {
      await this.fail(failureLine(error));
      throw error;
    }
    await this.#close('end');
    return result;
  }

  async begin(stage: Stage): Promise<void> {
    this.#writer.stage(stage);
    this.#open = { stage, startedMs: this.#monotonicMs() };
    await this.#writer.line(`${SPOKEN[stage]} stage begin`);
  }

  /** The reason as the last line but one, then the line that closes the stage. */
  async fail(reason: string): Promise<void> {
    await this.line(reason);
    await this.#close('failed');
  }

  /** A line of the runner's own; line ends in it would make it several, so they are shown as spaces. */
  async line(text: string): Promise<void> {
    if (this.#open) this.#writer.stage(this.#open.stage);
    await this.#writer.line(text.replace(/[\r\n]+/g, ' '));
  }

  /** Output of a program, as it came. */
  async output(chunk: Buffer): Promise<void> {
    await this.#writer.write(chunk);
  }

  /** Output of the builder; each `STEP n/m` line in it begins a step. */
  builderOutput(): StepTracker {
    return new StepTracker({
      step: (step) => this.#writer.stage('DOCKER_IMAGE_BUILD', step),
      write: (bytes) => this.#writer.write(bytes),
    });
  }

  /** Everything written is on disk, and every reader sees it. */
  async committed(): Promise<void> {
    await this.#writer.committed();
  }

  async seal(partialReason: string | undefined): Promise<Seal> {
    return this.#writer.seal(
      partialReason === undefined ? { verdict: 'complete' } : { verdict: 'partial', reason: partialReason },
    );
  }

  async #close(how: 'end' | 'failed'): Promise<void> {
    if (!this.#open) return;
    const { stage, startedMs } = this.#open;
    this.#writer.stage(stage);
    this.#open = undefined;
    await this.#writer.line(`${SPOKEN[stage]} stage ${how} after ${seconds(this.#monotonicMs() - startedMs)} s`);
  }
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(2);
}
