import type { Answer } from './answer.ts';
import { LF } from './stored-line.ts';

/** Consecutive lines in stored form, each ending with LF. */
export interface TextSlice {
  /** The number of the first line, from 1; if there are none, the number that it would have. */
  firstLine: number;
  lineCount: number;
  text: Buffer;
  /**
   * Gives the memory of the text back at once: nothing is left in `text`. Without it, the garbage collector does so
   * some time later (docs/decisions/0015-memory-that-was-read-into-is-given-back.md).
   */
  release(): void;
}

/** Reads lines from a line on, as many as are available in one read; none at the end of the log. */
export type SliceReader = (fromLine: number) => Answer<TextSlice>;

/** The slice past the end of a log. */
export function emptySlice(fromLine: number): TextSlice {
  return { firstLine: fromLine, lineCount: 0, text: Buffer.alloc(0), release: () => undefined };
}

/** The slice without its lines before `fromLine`. */
export function sliceFrom({ firstLine, lineCount, text, release }: TextSlice, fromLine: number): TextSlice {
  let start = 0;
  for (let line = firstLine; line < fromLine; line += 1) start = text.indexOf(LF, start) + 1;
  return { firstLine: fromLine, lineCount: lineCount - (fromLine - firstLine), text: text.subarray(start), release };
}

/** V8 creates and collects longer strings several times slower. */
const PIECE_BYTES = 96 * 1024;

/** The slice's text in pieces of whole lines. A line longer than the limit is a piece of its own. */
export function* piecesOf({ text }: Pick<TextSlice, 'text'>): Generator<Buffer> {
  for (let at = 0; at < text.length; ) {
    const inPiece = text.length - at <= PIECE_BYTES ? text.length - 1 : text.lastIndexOf(LF, at + PIECE_BYTES - 1);
    const end = (inPiece >= at ? inPiece : text.indexOf(LF, at)) + 1;
    yield text.subarray(at, end);
    at = end;
  }
}

/** Reads a log in slices, from a line on, and keeps track of the position. */
export class Slices {
  readonly #read: SliceReader;
  #last: TextSlice | undefined;
  nextLine: number;
  scannedBytes = 0;

  constructor(read: SliceReader, fromLine: number) {
    this.#read = read;
    this.nextLine = fromLine;
  }

  /** The next lines; none at the end. The memory of the last ones is given back. */
  async next(): Promise<TextSlice> {
    this.#last?.release();
    this.#last = undefined;
    const slice = await this.#read(this.nextLine);
    this.#last = slice;
    this.nextLine += slice.lineCount;
    this.scannedBytes += slice.text.length;
    return slice;
  }
}
