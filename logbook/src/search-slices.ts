import type { Page } from './page.ts';

/** Reads lines after the first `offset`, at most `limit`, as `Logbook.slice` does. */
export type PageReader = (offset: number, limit: number) => Page;

/** About so much text is looked at between two looks at other work. Larger buffers are fresh memory each time, which is slow. */
export const SLICE_BYTES = 96 * 1024;
const SLICE_LIMIT_LINES = 4096;
const FIRST_SLICE_LINES = 512;

/** A log in slices of about the same size, whatever the length of its lines. */
export class Slices {
  readonly #read: PageReader;
  #lines = FIRST_SLICE_LINES;
  nextLine: number;
  scannedBytes = 0;

  constructor(read: PageReader, fromLine: number) {
    this.#read = read;
    this.nextLine = fromLine;
  }

  /** The next lines; none at the end. */
  next(): Page {
    const page = this.#read(this.nextLine - 1, this.#lines);
    if (page.lineCount === 0) return page;
    this.nextLine += page.lineCount;
    this.scannedBytes += page.bytes.length;
    const bytesPerLine = page.bytes.length / page.lineCount;
    this.#lines = Math.max(1, Math.min(SLICE_LIMIT_LINES, Math.floor(SLICE_BYTES / bytesPerLine)));
    return page;
  }
}
