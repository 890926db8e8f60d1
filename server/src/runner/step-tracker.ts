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
const STEP_LINE = /^(?:\[(\d+)\/(\d+)\] )?STEP (\d+)\/(\d+): (.*)$/;
const CACHED_LINE = /^--> Using cache [0-9a-f]{12,64}$/;
const LINE_START_BYTES = 4096;
const TAIL_BYTES = 16 * 1024;

/**
 * Follows a builder's output and numbers its steps as they begin. Steps count on over the stages of a Dockerfile.
 * Bytes pass through unchanged and at once. A RUN can print a line that looks like a step; one that does not follow the
 * step before is not taken, but the number stays a help for readers, never a decision (buildah has no authenticated
 * marker).
 */
export class StepTracker {
  readonly #sink: StepSink;
  #lineStart = '';
  #atLineStart = true;
  #tail = Buffer.alloc(0);
  #newest: AnnouncedStep | undefined;

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

  /** The last 16 KiB of the output. */
  get tail(): string {
    return this.#tail.toString();
  }

  async write(chunk: Buffer): Promise<void> {
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
    let written = 0;
    let position = 0;
    while (position < chunk.length) {
      const end = chunk.indexOf(LF, position);
      const wholeLine = this.#atLineStart && end >= 0;
      this.#remember(chunk.subarray(position, end < 0 ? chunk.length : end));
      if (end < 0) break;
      const begun = this.#endLine();
      if (begun && wholeLine) {
        if (position > written) await this.#sink.write(chunk.subarray(written, position));
        this.#sink.step(begun);
        written = position;
      } else if (begun) {
        await this.#sink.write(chunk.subarray(written, end + 1));
        this.#sink.step(begun);
        written = end + 1;
      }
      position = end + 1;
    }
    if (written < chunk.length) await this.#sink.write(chunk.subarray(written));
  }

  #remember(part: Uint8Array): void {
    if (part.length > 0) this.#atLineStart = false;
    if (this.#lineStart.length >= LINE_START_BYTES) return;
    this.#lineStart += Buffer.from(part.subarray(0, LINE_START_BYTES)).toString();
  }

  #endLine(): AnnouncedStep | undefined {
    const line = this.#lineStart.replace(/\r$/, '');
    this.#lineStart = '';
    this.#atLineStart = true;
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
    if (!follows(this.#newest, begun)) return undefined;
    this.#newest = begun;
    return begun;
  }
}

function follows(before: AnnouncedStep | undefined, next: AnnouncedStep): boolean {
  if (next.number > next.numberCount || next.stage > next.stageCount) return false;
  if (before === undefined) return next.number === 1;
  if (before.stageCount !== next.stageCount) return false;
  // ONBUILD of a base adds steps to the stage once its FROM is done.
  if (before.stage === next.stage) return next.number === before.number + 1 && next.numberCount >= before.numberCount;
  return next.stage > before.stage && next.number === 1 && before.number === before.numberCount;
}
