/** Consecutive lines as they are stored. */
export type Page = {
  /** Lines committed so far. */
  totalCount: number;
  /** Number of the first line of the page, from 1; where the page is empty, the number that the line would have. */
  firstLine: number;
  lineCount: number;
  /** The lines' JSON objects joined by commas, without brackets. Not to be changed: it may be shared. */
  bytes: Buffer;
};

/** A line with all that is known of it. */
export type LogLine = {
  lineNumber: number;
  message: string;
  stage: string;
  /** 0 is none. */
  step: number;
  /** From 1; 0 is unknown. */
  attempt: number;
  /** When the line arrived (lines within 20 ms share a time); undefined is unknown. */
  timeMs: number | undefined;
  /** The output goes on in the next line: this one ended at a limit, not at LF. */
  continued: boolean;
};

const LF = 10;
const COMMA = 0x2c;

/**
 * Cuts `lineCount` lines out of whole lines of NDJSON, the first `skipLines` left out, and joins them by commas in place.
 * Throws when there are fewer.
 */
export function cutLines(text: Buffer, skipLines: number, lineCount: number): Buffer {
  let start = 0;
  for (let skipped = 0; skipped < skipLines; skipped += 1) start = lineEnd(text, start) + 1;
  let at = start;
  for (let taken = 0; taken < lineCount; taken += 1) {
    const end = lineEnd(text, at);
    text[end] = COMMA;
    at = end + 1;
  }
  return text.subarray(start, at - 1);
}

function lineEnd(text: Buffer, from: number): number {
  const end = text.indexOf(LF, from);
  if (end === -1) throw new Error('the log holds fewer lines here than its index says');
  return end;
}

/** The page past the end. */
export function emptyPage(totalCount: number, offset: number): Page {
  return { totalCount, firstLine: offset + 1, lineCount: 0, bytes: Buffer.alloc(0) };
}
