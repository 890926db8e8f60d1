import type { LogWriter, Seal } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import { Masker } from '../mask/masker.ts';
import { BuildOutput } from './build-output.ts';
import type { StepRecorder } from './step-recorder.ts';

const SPOKEN: Record<Stage, string> = {
  GIT_CLONE: 'fetch',
  DOCKER_IMAGE_BUILD: 'build',
  DOCKER_IMAGE_PUSH: 'push',
};

/** Settings for writing a build's log. */
export interface BuildLogMeans {
  monotonicMs: () => number;
  /** Masks secrets; by default there are none. */
  masker?: Masker;
  /** Called before anything is appended; if it throws, nothing is appended. */
  guard?: () => Promise<void>;
}

/** How the last stage of a build ended that made no image. */
export interface StageFailure {
  reason: string;
  how: 'failed' | 'cancelled';
}

/**
 * One build's log as the runner writes it: a header, then stages that start and end with a line each. Everything passes
 * through the masker before it is stored.
 */
export class BuildLog {
  readonly #writer: LogWriter;
  readonly #monotonicMs: () => number;
  readonly #masker: Masker;
  readonly #guard: () => Promise<void>;
  #open: { stage: Stage; startedMs: number } | undefined;
  /** The line that says why the build failed; undefined if it has not failed. */
  #reasonLine: number | undefined;
  /** Masked values already reported to the writer. */
  #notedValues = 0;

  constructor(writer: LogWriter, options: BuildLogMeans) {
    this.#writer = writer;
    this.#monotonicMs = options.monotonicMs;
    this.#masker = options.masker ?? new Masker([]);
    this.#guard = options.guard ?? (async () => undefined);
  }

  /** Continues in a stage that an earlier process started; `undefined` if that process had ended it. */
  resume(open: { stage: Stage; startedMs: number } | undefined): void {
    this.#open = open;
  }

  /** Adds a secret to mask from now on. */
  async addSecret(...secrets: string[]): Promise<void> {
    await this.#pass(await this.#masker.addInTurns(...secrets));
  }

  /** Masks a text that is stored outside the log. */
  masked(text: string): string {
    return this.#masker.text(text);
  }

  /** Line 1 of every build. It has the name of the first stage, which has not started. */
  async header(text: string): Promise<void> {
    await this.#guard();
    this.#writer.stage('GIT_CLONE');
    await this.#ownLine(this.#masker.text(text));
  }

  /** Runs one stage between its first and its last line; if it throws, the reason comes before the last line. */
  async stage<T>(stage: Stage, run: () => Promise<T>, failureOf: (error: unknown) => StageFailure): Promise<T> {
    await this.begin(stage);
    let result: T;
    try {
      result = await run();
    } catch (error) {
      const { reason, how } = failureOf(error);
      await this.fail(reason, how);
      throw error;
    }
    await this.#close('end');
    return result;
  }

  async begin(stage: Stage): Promise<void> {
    await this.#guard();
    this.#writer.stage(stage);
    this.#open = { stage, startedMs: this.#monotonicMs() };
    await this.#writer.line(`${SPOKEN[stage]} stage begin`);
  }

  /** Writes the reason as the second-to-last line, then the line that ends the stage. */
  async fail(reason: string, how: StageFailure['how'] = 'failed'): Promise<void> {
    await this.line(reason);
    this.#reasonLine = await this.#writer.committed();
    await this.#close(how);
  }

  get reasonLine(): number | undefined {
    return this.#reasonLine;
  }

  /** Ends a stage that an earlier process could not end, although it had done its work. */
  async succeed(why: string): Promise<void> {
    await this.line(why);
    await this.#close('end');
  }

  /** A line of the runner itself; line ends in it are shown as spaces, so that it stays one line. */
  async line(text: string): Promise<void> {
    await this.endOutput();
    await this.#guard();
    if (this.#open) this.#writer.stage(this.#open.stage);
    await this.#ownLine(this.#masker.text(text).replace(/[\r\n]+/g, ' '));
  }

  /** Output of a program, unchanged except for secrets. */
  async output(chunk: Buffer): Promise<void> {
    await this.#pass(this.#masker.write(chunk));
  }

  /** Starts taking the output of a builder; its `end` must be called before the runner's next line. */
  builderOutput(recorder: StepRecorder, stages: readonly PlannedStage[]): BuildOutput {
    const place = (step: number) => this.#writer.stage('DOCKER_IMAGE_BUILD', step);
    return new BuildOutput({ place, write: this.#store }, this.#masker, recorder, stages);
  }

  /** No more output for now: flushes bytes the masker held back as a possible prefix of a secret. */
  async endOutput(): Promise<void> {
    await this.#pass(this.#masker.flush());
  }

  /** Resolves when everything written is on disk and visible to every reader. */
  async committed(): Promise<void> {
    await this.#writer.committed();
  }

  async seal(partialReason: string | undefined): Promise<Seal> {
    this.#noteMasked();
    return this.#writer.seal(
      partialReason === undefined ? { verdict: 'complete' } : { verdict: 'partial', reason: partialReason },
    );
  }

  readonly #store = async (bytes: Uint8Array): Promise<void> => {
    await this.#guard();
    this.#noteMasked();
    await this.#writer.write(bytes);
  };

  async #ownLine(masked: string): Promise<void> {
    this.#noteMasked();
    await this.#writer.line(masked);
  }

  /** Called before masked output is written, so that the count is on disk with it. */
  #noteMasked(): void {
    const { maskedValues } = this.#masker;
    if (maskedValues > this.#notedValues) this.#writer.masked(maskedValues - this.#notedValues);
    this.#notedValues = maskedValues;
  }

  async #pass(bytes: Buffer): Promise<void> {
    if (bytes.length > 0) await this.#store(bytes);
  }

  async #close(how: 'end' | StageFailure['how']): Promise<void> {
    if (!this.#open) return;
    await this.endOutput();
    await this.#guard();
    const { stage, startedMs } = this.#open;
    this.#writer.stage(stage);
    this.#open = undefined;
    await this.#writer.line(`${SPOKEN[stage]} stage ${how} after ${seconds(this.#monotonicMs() - startedMs)} s`);
  }
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(2);
}
