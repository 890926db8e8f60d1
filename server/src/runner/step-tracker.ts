import type { OutputSource } from '#sandbox/sandbox.ts';

/** A step as the builder announces it. */
export interface AnnouncedStep {
  /** Counted over all stages, from 1. */
  step: number;
  /** The stage of the Dockerfile, from 1, and how many it has. */
  stage: number;
  stageCount: number;
  /** The step's place in its stage, from 1, and how many the stage has. */
  number: number;
  numberCount: number;
  /** The instruction as the builder prints it, at most some 4 KiB. */
  instruction: string;
}

/** Where the tracked bytes go, and what is known of each step before its first byte. */
export interface StepSink {
  step(step: AnnouncedStep): void;
  /** The newest step's layer came from the cache. */
  cached(): void;
  write(bytes: Uint8Array): Promise<void>;
}

const LF = 0x0a;
// The numbers are the Dockerfile's, which has at most so many instructions.
const STEP_LINE = /^(?:\[(\d{1,6})\/(\d{1,6})\] )?STEP (\d{1,6})\/(\d{1,6}): (.*)$/;
const CACHED_LINE = /^--> Using cache [0-9a-f]{12,64}$/;
/** With these the builder gives up. Its reasons hold texts of the Dockerfile, line ends and all. */
const LAST_WORDS = ['Error: ', 'error running container: '];
const LINE_START_BYTES = 4096;
/** A line of the builder is held until it is whole, unless it is longer. */
const HELD_BYTES = 64 * 1024;
const TAIL_BYTES = 16 * 1024;

/**
 * Follows a build's output and numbers its steps as the builder begins them. Steps count on over the stages of a Dockerfile,
 * and the line that begins a step is its first. Bytes pass unchanged, those of a step at once. Only what the builder says is
 * read: a step may print what it likes.
 */
export class StepTracker {
  readonly #sink: StepSink;
  /** The beginning of a line of the builder. */
  #held: Buffer = Buffer.alloc(0);
  /** Its beginning was too long to be held. */
  #isContinued = false;
  #tail: Buffer = Buffer.alloc(0);
  #newest: AnnouncedStep | undefined;
  #hasRun = false;
  #hasGivenUp = false;

  constructor(sink: StepSink) {
    this.#sink = sink;
  }

  /** The instruction of the newest step, as the builder printed it. */
  get instruction(): string | undefined {
    return this.#newest?.instruction;
  }

  /** The newest step. */
  get newest(): AnnouncedStep | undefined {
    return this.#newest;
  }

  /** The newest step's number, from 1; 0 before the first. */
  get step(): number {
    return this.#newest?.step ?? 0;
  }

  /** Whether a program of the newest step was started. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** The last 16 KiB of what the builder said. */
  get tail(): string {
    return this.#tail.toString();
  }

  async write(chunk: Buffer, from: OutputSource): Promise<void> {
    if (from === 'step') {
      await this.flush();
      this.#hasRun = true;
      if (chunk.length > 0) await this.#sink.write(chunk);
      return;
    }
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
    const bytes = Buffer.concat([this.#held, chunk]);
    let written = 0;
    let position = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, position)) {
      const begun = this.#readLine(bytes.subarray(position, end));
      if (begun && position > written) await this.#sink.write(bytes.subarray(written, position));
      if (begun) {
        this.#sink.step(begun);
        written = position;
      }
      this.#isContinued = false;
      position = end + 1;
    }
    if (position > written) await this.#sink.write(bytes.subarray(written, position));
    this.#held = Buffer.from(bytes.subarray(position));
    if (this.#held.length > HELD_BYTES) await this.flush();
  }

  /** Passes on what is held of a line, which does not end for now. */
  async flush(): Promise<void> {
    if (this.#held.length === 0) return;
    const begun = this.#readLine(this.#held);
    if (begun) this.#sink.step(begun);
    await this.#sink.write(this.#held);
    this.#held = Buffer.alloc(0);
    this.#isContinued = true;
  }

  #readLine(bytes: Buffer): AnnouncedStep | undefined {
    if (this.#isContinued) return undefined;
    const line = bytes.subarray(0, LINE_START_BYTES).toString().replace(/\r$/, '');
    this.#hasGivenUp ||= LAST_WORDS.some((words) => line.startsWith(words));
    if (this.#hasGivenUp) return undefined;
    if (this.#newest && CACHED_LINE.test(line)) this.#sink.cached();
    const match = STEP_LINE.exec(line);
    if (!match) return undefined;
    const [stage, stageCount, number, numberCount] = [match[1] ?? 1, match[2] ?? 1, match[3], match[4]].map(Number);
    const begun: AnnouncedStep = {
      step: this.step + 1,
      stage: stage ?? 1,
      stageCount: stageCount ?? 1,
      number: number ?? 1,
      numberCount: numberCount ?? 1,
      instruction: match[5] ?? '',
    };
    this.#newest = begun;
    this.#hasRun = false;
    return begun;
  }
}
