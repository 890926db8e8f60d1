/** Where the tracked bytes go, and the number of each step before its first byte. */
export interface StepSink {
  step(step: number): void;
  write(bytes: Uint8Array): Promise<void>;
}

const LF = 0x0a;
const STEP_LINE = /^(?:\[\d+\/\d+\] )?STEP (\d+)\/(\d+): (.*)$/;
const LINE_START_BYTES = 4096;
const TAIL_BYTES = 16 * 1024;

/**
 * Follows a builder's output and numbers its steps as they begin. Steps count on over the stages of a Dockerfile.
 * Bytes pass through unchanged and at once. A RUN can print a line that looks like a step: the number is a help for
 * readers, never a decision (buildah has no authenticated marker).
 */
export class StepTracker {
  readonly #sink: StepSink;
  #lineStart = '';
  #atLineStart = true;
  #tail = Buffer.alloc(0);
  #steps = 0;
  #instruction: string | undefined;

  constructor(sink: StepSink) {
    this.#sink = sink;
  }

  /** The instruction of the newest step, as the builder printed it. */
  get instruction(): string | undefined {
    return this.#instruction;
  }

  /** The newest step's number, from 1; 0 before the first. */
  get step(): number {
    return this.#steps;
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
      const begins = this.#endLine();
      if (begins && wholeLine) {
        if (position > written) await this.#sink.write(chunk.subarray(written, position));
        this.#sink.step(this.#steps);
        written = position;
      } else if (begins) {
        await this.#sink.write(chunk.subarray(written, end + 1));
        this.#sink.step(this.#steps);
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

  #endLine(): boolean {
    const match = STEP_LINE.exec(this.#lineStart.replace(/\r$/, ''));
    this.#lineStart = '';
    this.#atLineStart = true;
    if (!match) return false;
    this.#steps += 1;
    this.#instruction = match[3];
    return true;
  }
}
