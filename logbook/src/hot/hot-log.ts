import { emptyPage, type Page } from '../format/page.ts';
import type { Run } from '../format/run.ts';
import { SLICE_BYTES, takeMemory } from '../format/slice-memory.ts';
import { emptySlice, sliceFrom, type TextSlice } from '../format/text-slice.ts';
import { cutPage, scratch } from './cut-page.ts';
import type { JournalLog } from './journal.ts';
import type { LineIndex, LinePosition } from './line-index.ts';

/**
 * Reads a running log: pages, text and runs of what its journal has committed, and nothing after that. It takes 28 bytes of
 * memory per 64 lines, and a page takes one read. Text is checked against the index; if it differs, an error names the lines.
 */
export class HotLog {
  readonly log: JournalLog;
  readonly #lines: LineIndex;

  constructor(log: JournalLog) {
    this.log = log;
    this.#lines = log.lines;
  }

  /** Committed so far. */
  get lineCount(): number {
    return this.log.lineCount;
  }

  get textBytes(): number {
    return this.log.textBytes;
  }

  /** The lines after the first `offset`, at most `limit`. */
  page(offset: number, limit: number): Page {
    const lineCount = Math.min(limit, this.lineCount - offset);
    if (lineCount <= 0) return emptyPage(this.lineCount, false, offset);
    const start = this.#lines.before(offset + 1);
    const end = this.#lines.after(offset + lineCount);
    const text = this.#readForNow(start, end);
    const latin1 = cutPage(text, offset + 1 - start.firstLine, lineCount).toString('latin1');
    return { totalCount: this.lineCount, sealed: false, firstLine: offset + 1, lineCount, latin1 };
  }

  /** Lines from a given one on, in stored form. */
  textFrom(fromLine: number): TextSlice {
    if (fromLine > this.lineCount) return emptySlice(fromLine);
    const start = this.#lines.before(fromLine);
    const end = this.#lines.within(fromLine, SLICE_BYTES);
    const { bytes, release } = takeMemory(end.offsetBytes - start.offsetBytes);
    const text = this.#readInto(bytes, start, end);
    const { firstLine } = start;
    return sliceFrom({ firstLine, lineCount: end.firstLine - firstLine, text, release }, fromLine);
  }

  /** Up to `limitBytes` bytes of the committed NDJSON. */
  read(offsetBytes: number, limitBytes: number): Buffer {
    const sizeBytes = Math.min(limitBytes, this.textBytes - offsetBytes);
    if (sizeBytes <= 0) return Buffer.alloc(0);
    const { before } = this.#lines.aroundByte(offsetBytes);
    const { after } = this.#lines.aroundByte(offsetBytes + sizeBytes - 1);
    const start = offsetBytes - before.offsetBytes;
    return Buffer.from(this.#readForNow(before, after).subarray(start, start + sizeBytes));
  }

  /** The committed runs, starting with the one that contains `fromLine`. */
  *runs(fromLine = 1): Generator<Run> {
    if (fromLine > this.lineCount) return;
    const start = this.#lines.before(fromLine);
    for (const run of this.log.runs(start.recordBytes)) {
      if (run.firstLine + run.lineCount > fromLine) yield run;
    }
  }

  close(): void {
    this.log.close();
  }

  /** The verified text between two positions, to copy at once: the next read overwrites it. */
  #readForNow(from: LinePosition, to: LinePosition): Buffer {
    const sizeBytes = to.offsetBytes - from.offsetBytes;
    const target = sizeBytes > scratch.length ? Buffer.allocUnsafe(sizeBytes) : scratch.subarray(0, sizeBytes);
    return this.#readInto(target, from, to);
  }

  /** The verified text between two positions, in the memory that was given. */
  #readInto(target: Buffer, from: LinePosition, to: LinePosition): Buffer {
    const text = target.subarray(0, this.log.read(target, from.offsetBytes));
    this.#lines.check(text, from, to);
    return text;
  }
}
