/** A row of two logs beside each other: the numbers of its lines, where a log has one there. */
export interface DiffRow {
  build: number | undefined;
  other: number | undefined;
  /** Whether the lines say the same; `unknown` behind the lines that were aligned. */
  kind: 'same' | 'changed' | 'unknown';
}

/** One of the two logs, from the line where they part. */
export interface DiffSideLines {
  from: number;
  /** The number of its last line. */
  last: number;
  /** Its first lines, which are aligned. */
  lines: readonly string[];
}

/** The rows of a list of any length, made as they are needed. */
export interface DiffRows {
  count: number;
  at(index: number): DiffRow;
}

/** Parts that differ from run to run: colours, times, durations, and hashes. */
const VARYING =
  /\u001b\[[0-9;?]{0,40}[A-Za-z]|\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?|\b\d{1,9}(?:\.\d{1,9})?\s?(?:ms|s|sec|min)\b|\b[0-9a-f]{12,64}\b/g;
const COMPARED_CHARS = 2000;
/** In one column, lines that were not aligned alternate by this many. */
const CHUNK_LINES = 50;

/** The rows of two logs; in one column if `isUnified`, the good log's line above the other. */
export function diffRows(build: DiffSideLines, other: DiffSideLines, isUnified: boolean): DiffRows {
  const aligned = alignedRows(build, other);
  const head = isUnified ? unifiedRows(aligned) : aligned;
  const [buildFrom, otherFrom] = [build.from + build.lines.length, other.from + other.lines.length];
  const [buildRest, otherRest] = [restOf(build), restOf(other)];
  const rest = isUnified ? buildRest + otherRest : Math.max(buildRest, otherRest);
  const both = Math.min(buildRest, otherRest);
  const restRow = (at: number): DiffRow => {
    if (!isUnified)
      return row(at < buildRest ? buildFrom + at : undefined, at < otherRest ? otherFrom + at : undefined);
    if (at < 2 * both) {
      const chunk = Math.floor(at / (2 * CHUNK_LINES)) * CHUNK_LINES;
      const lines = Math.min(CHUNK_LINES, both - chunk);
      const offset = at - 2 * chunk;
      return offset < lines
        ? row(undefined, otherFrom + chunk + offset)
        : row(buildFrom + chunk + offset - lines, undefined);
    }
    return buildRest > otherRest ? row(buildFrom + at - both, undefined) : row(undefined, otherFrom + at - both);
  };
  return {
    count: head.length + rest,
    at: (index) => head[index] ?? restRow(index - head.length),
  };
}

function row(build: number | undefined, other: number | undefined): DiffRow {
  return { build, other, kind: 'unknown' };
}

function restOf({ from, last, lines }: DiffSideLines): number {
  return Math.max(0, last - from + 1 - lines.length);
}

/** In one column: of lines that differ, first those of the good log, then those of the other. */
function unifiedRows(aligned: readonly DiffRow[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let waiting: DiffRow[] = [];
  for (const row of aligned) {
    if (row.kind === 'same') {
      rows.push(...waiting, row);
      waiting = [];
      continue;
    }
    if (row.other !== undefined) rows.push({ ...row, build: undefined });
    if (row.build !== undefined) waiting.push({ ...row, other: undefined });
  }
  return [...rows, ...waiting];
}

/** Aligns the first lines by their longest common sequence; lines that differ at the same place share a row. */
function alignedRows(build: DiffSideLines, other: DiffSideLines): DiffRow[] {
  const [left, right] = [build.lines.map(comparable), other.lines.map(comparable)];
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      common[i * width + j] =
        left[i] === right[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  const add = (leftEnd: number, rightEnd: number) => {
    for (; i < leftEnd || j < rightEnd; ) {
      const [isLeft, isRight] = [i < leftEnd, j < rightEnd];
      const kind = 'changed';
      rows.push({ build: isLeft ? build.from + i : undefined, other: isRight ? other.from + j : undefined, kind });
      if (isLeft) i++;
      if (isRight) j++;
    }
  };
  for (let [x, y] = [0, 0]; x < left.length || y < right.length; ) {
    if (x < left.length && y < right.length && left[x] === right[y]) {
      add(x, y);
      rows.push({ build: build.from + i, other: other.from + j, kind: 'same' });
      [i, j] = [i + 1, j + 1];
      [x, y] = [x + 1, y + 1];
    } else if (y === right.length || (x < left.length && at(x + 1, y) >= at(x, y + 1))) x++;
    else y++;
  }
  add(left.length, right.length);
  return rows;

  function at(x: number, y: number): number {
    return common[x * width + y] ?? 0;
  }
}

function comparable(line: string): string {
  return line.slice(0, COMPARED_CHARS).replace(VARYING, '~').trimEnd();
}
