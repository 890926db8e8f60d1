import { crc32 } from 'node:zlib';
import { RUN_FLAG, RUN_LIMIT_BYTES, RUN_LIMIT_LINES, type Run } from '../format/run.ts';
import type { StageMark } from './stage-mark.ts';

/** Takes a hundred lines or so: each further buffer ends a run. */
const BUFFER_LEAST_BYTES = 16 * 1024;
const BUFFER_LIMIT_BYTES = 256 * 1024;
/** Lines that arrive within this time share one time in the index. */
const SAME_TIME_MS = 20;

/** The lines that will be committed together: their bytes in stored form, and their runs. */
export class Batch {
  readonly runs: Run[] = [];
  readonly firstLine: number;
  readonly offsetBytes: number;
  sizeBytes = 0;
  lineCount = 0;
  #buffers: Buffer[] = [];
  #buffer = Buffer.alloc(0);
  #usedBytes = 0;
  /** Where the open run begins in the current buffer. */
  #runStart = 0;
  #run: Run | undefined;

  constructor(firstLine: number, offsetBytes: number) {
    this.firstLine = firstLine;
    this.offsetBytes = offsetBytes;
  }

  add(message: string, mark: StageMark, timeMs: number, continued: boolean): void {
    const number = this.firstLine + this.lineCount;
    const json = `{"LineNumber":${number},"Message":${JSON.stringify(message)},"BuildStage":${mark.stageJson}}\n`;
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (this.#usedBytes + json.length * 3 > this.#buffer.length) this.#nextBuffer(json.length * 3);
    const lengthBytes = this.#buffer.write(json, this.#usedBytes, 'utf8');
    const run = this.#runFor(mark, timeMs, lengthBytes);
    this.#usedBytes += lengthBytes;
    this.sizeBytes += lengthBytes;
    this.lineCount += 1;
    run.lengthBytes += lengthBytes;
    run.lineCount += 1;
    if (continued) {
      run.flags |= RUN_FLAG.continued;
      this.#endRun();
    }
  }

  /** Ends the last run and returns the bytes. Nothing may be added afterwards. */
  finish(): readonly Buffer[] {
    this.#endRun();
    if (this.#usedBytes > 0) this.#buffers.push(this.#buffer.subarray(0, this.#usedBytes));
    this.#usedBytes = 0;
    return this.#buffers;
  }

  #nextBuffer(needBytes: number): void {
    this.#endRun();
    if (this.#usedBytes > 0) this.#buffers.push(this.#buffer.subarray(0, this.#usedBytes));
    const sizeBytes = Math.min(BUFFER_LIMIT_BYTES, Math.max(BUFFER_LEAST_BYTES, this.#buffer.length * 4));
    this.#buffer = Buffer.allocUnsafe(Math.max(sizeBytes, needBytes));
    this.#usedBytes = 0;
    this.#runStart = 0;
  }

  #runFor(mark: StageMark, timeMs: number, addBytes: number): Run {
    const open = this.#run;
    if (open !== undefined && fits(open, mark, timeMs, addBytes)) return open;
    this.#endRun();
    const run: Run = {
      firstLine: this.firstLine + this.lineCount,
      lineCount: 0,
      offsetBytes: this.offsetBytes + this.sizeBytes,
      lengthBytes: 0,
      crc: 0,
      timeMs,
      stage: mark.stage,
      step: mark.step,
      attempt: mark.attempt,
      flags: 0,
    };
    this.runs.push(run);
    this.#run = run;
    this.#runStart = this.#usedBytes;
    return run;
  }

  #endRun(): void {
    if (this.#run === undefined) return;
    this.#run.crc = crc32(this.#buffer.subarray(this.#runStart, this.#usedBytes));
    this.#run = undefined;
  }
}

function fits(run: Run, mark: StageMark, timeMs: number, addBytes: number): boolean {
  return (
    run.lineCount < RUN_LIMIT_LINES &&
    run.lengthBytes + addBytes <= RUN_LIMIT_BYTES &&
    run.stage === mark.stage &&
    run.step === mark.step &&
    run.attempt === mark.attempt &&
    Math.abs(timeMs - run.timeMs) < SAME_TIME_MS
  );
}
