import { LF } from './stored-line.ts';

/** Consecutive lines in stored form, each ending with LF. */
export interface TextSlice {
  /** The number of the first line, from 1; if there are none, the number that it would have. */
  firstLine: number;
  lineCount: number;
  /** Valid only until the engine's next read. */
  text: Buffer;
}

/** Reads lines from a line on, as many as are available in one read; none at the end of the log. */
export type SliceReader = (fromLine: number) => TextSlice;

/** The slice without its lines before `fromLine`. */
export function sliceFrom({ firstLine, lineCount, text }: TextSlice, fromLine: number): TextSlice {
  let start = 0;
  for (let line = firstLine; line < fromLine; line += 1) start = text.indexOf(LF, start) + 1;
  return { firstLine: fromLine, lineCount: lineCount - (fromLine - firstLine), text: text.subarray(start) };
}

/** V8 creates and collects longer strings several times slower. */
const PIECE_BYTES = 96 * 1024;

/** The slice's text in pieces of whole lines. A line longer than the limit is a piece of its own. */
export function* piecesOf({ text }: TextSlice): Generator<Buffer> {
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
  nextLine: number;
  scannedBytes = 0;

  constructor(read: SliceReader, fromLine: number) {
    this.#read = read;
    this.nextLine = fromLine;
  }

  /** The next lines; none at the end. */
  next(): TextSlice {
    const slice = this.#read(this.nextLine);
    this.nextLine += slice.lineCount;
    this.scannedBytes += slice.text.length;
    return slice;
  }
}
