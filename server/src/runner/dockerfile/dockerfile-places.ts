/** Part of one line of a Dockerfile, from one column (inclusive) to another (exclusive); all counted from 0. */
export interface TextPosition {
  line: number;
  fromColumn: number;
  toColumn: number;
}

/** A range of one line, and the text that replaces it for the builder. */
export interface TextEdit extends TextPosition {
  text: string;
}

/** A part of an instruction's joined text, and its source position. */
export interface TextPart {
  /** Where it starts in the joined text. */
  at: number;
  length: number;
  line: number;
  column: number;
}

/**
 * The source positions of a range of an instruction's joined text, in order: one line, unless the range spans a
 * continuation.
 */
export function placesOf(parts: readonly TextPart[], from: number, to: number): TextPosition[] {
  return parts.flatMap(({ at, length, line, column }) => {
    const [start, end] = [Math.max(from, at), Math.min(to, at + length)];
    return start < end ? [{ line, fromColumn: column + start - at, toColumn: column + end - at }] : [];
  });
}
