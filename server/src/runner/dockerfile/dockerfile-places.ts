/** Part of one line of a Dockerfile: from one column to before another, all counted from 0. */
export interface TextPlace {
  line: number;
  fromColumn: number;
  toColumn: number;
}

/** A part of an instruction's joined text, and where it was taken from. */
export interface TextPart {
  /** Where it begins in the joined text. */
  at: number;
  length: number;
  line: number;
  column: number;
}

/** Where a range of an instruction's joined text stands in the Dockerfile, in order: on one line, unless the line is continued within it. */
export function placesOf(parts: readonly TextPart[], from: number, to: number): TextPlace[] {
  return parts.flatMap(({ at, length, line, column }) => {
    const [start, end] = [Math.max(from, at), Math.min(to, at + length)];
    return start < end ? [{ line, fromColumn: column + start - at, toColumn: column + end - at }] : [];
  });
}
