/** Consecutive lines as they are stored. */
export interface Page {
  /** Lines committed so far. */
  totalCount: number;
  /** The log is sealed, so no more lines will come. */
  sealed: boolean;
  /** The number of the page's first line, from 1; for an empty page, the number that it would have. */
  firstLine: number;
  lineCount: number;
  /**
   * The lines' JSON objects, joined by commas, without brackets: the Latin-1 text of their UTF-8 bytes, so a character is
   * a byte. V8 has memory for a text at once; bytes of this size outside of its heap take several times as long.
   */
  latin1: string;
}

/** A line with everything known about it. */
export interface LogLine {
  lineNumber: number;
  message: string;
  stage: string;
  /** 0 is none. */
  step: number;
  /** From 1; 0 is unknown. */
  attempt: number;
  /** When the line arrived (lines within 20 ms share a time); undefined is unknown. */
  timeMs: number | undefined;
  /** The output continues in the next line: this one ended at a limit, not at LF. */
  continued: boolean;
}

/** The empty page past the end. */
export function emptyPage(totalCount: number, sealed: boolean, offset: number): Page {
  return { totalCount, sealed, firstLine: offset + 1, lineCount: 0, latin1: '' };
}
