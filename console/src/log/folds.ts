import type { Section } from '../api/build.ts';
import { stageName } from './stages.ts';

/** Consecutive lines, both ends included. */
interface Lines {
  first: number;
  last: number;
}

/** Lines that can be folded into the line that begins them. */
export interface Fold {
  /** Stages are folded with all their steps. */
  readonly kind: 'stage' | 'step';
  readonly label: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** The lines that it hides, in order: several ranges if its step ran beside others. */
  readonly hides: readonly Lines[];
}

/** How many lines a closed fold hides. */
export function hiddenCount({ hides }: Fold): number {
  return hides.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/**
 * Returns what can be folded in a log of `lineCount` lines, in the order of the first lines. The last section of a
 * growing log grows with it. A step folds with all its lines, also with those that come after lines of other steps.
 */
export function foldsOf(sections: readonly Section[], lineCount: number): Fold[] {
  const folds: Fold[] = [];
  const steps = new Map<string, { label: string; firstLine: number; hides: Lines[] }>();
  let stage: { name: string; firstLine: number } | undefined;
  const endStage = (lastLine: number) => {
    if (!stage || lastLine <= stage.firstLine) return;
    const { name, firstLine } = stage;
    folds.push({
      kind: 'stage',
      label: stageName(name),
      firstLine,
      lastLine,
      hides: [{ first: firstLine + 1, last: lastLine }],
    });
  };
  for (const [index, section] of sections.entries()) {
    const { FirstLine: firstLine } = section;
    if (section.BuildStage !== stage?.name) {
      endStage(firstLine - 1);
      stage = { name: section.BuildStage, firstLine };
    }
    if (section.Step === 0) continue;
    const isLast = index === sections.length - 1;
    const last = isLast ? Math.max(lineCount, firstLine) : firstLine + section.LineCount - 1;
    const key = `${section.BuildStage} ${section.Attempt} ${section.Step}`;
    const step = steps.get(key) ?? { label: labelOf(section), firstLine, hides: [] };
    // A step that begins a stage has the stage's line.
    if (!steps.has(key) && firstLine !== stage?.firstLine) steps.set(key, step);
    const first = firstLine === step.firstLine ? firstLine + 1 : firstLine;
    if (last >= first) step.hides.push({ first, last });
  }
  endStage(lineCount);
  for (const { label, firstLine, hides } of steps.values()) {
    const end = hides.at(-1);
    if (end) folds.push({ kind: 'step', label, firstLine, lastLine: end.last, hides });
  }
  return folds.sort((a, b) => a.firstLine - b.firstLine);
}

function labelOf(section: Section): string {
  const platform = section.Platform ? ` on ${section.Platform}` : '';
  return `step ${section.Place ?? section.Step}${platform}${section.Instruction ? `: ${section.Instruction}` : ''}`;
}

/** Maps the lines of a log to its rows when some folds are closed. Rows count from 0, lines from 1. */
export class RowMap {
  readonly rowCount: number;
  /** Hidden ranges in order, without overlaps, each with the number of rows before it. */
  readonly #hidden: (Lines & { rowsBefore: number })[] = [];

  constructor(lineCount: number, folds: readonly Fold[], closed: ReadonlySet<number>) {
    const ranges = folds.filter((fold) => closed.has(fold.firstLine)).flatMap((fold) => fold.hides);
    ranges.sort((a, b) => a.first - b.first);
    let hiddenLines = 0;
    let end = 0;
    for (const range of ranges) {
      const first = Math.max(range.first, end + 1);
      const last = Math.min(range.last, lineCount);
      if (last < first) continue;
      this.#hidden.push({ first, last, rowsBefore: first - 1 - hiddenLines });
      hiddenLines += last - first + 1;
      end = last;
    }
    this.rowCount = lineCount - hiddenLines;
  }

  /** The line in a row. */
  lineAt(row: number): number {
    const stretch = this.#lastWhere((hidden) => hidden.rowsBefore <= row);
    return stretch ? stretch.last + 1 + (row - stretch.rowsBefore) : row + 1;
  }

  /** The row of a line; for a hidden line, the row it is folded into. */
  rowOf(line: number): number {
    const stretch = this.#lastWhere((hidden) => hidden.first <= line);
    if (!stretch) return line - 1;
    return line <= stretch.last ? stretch.rowsBefore - 1 : stretch.rowsBefore + (line - stretch.last - 1);
  }

  /** Whether a line is folded away. */
  hides(line: number): boolean {
    const stretch = this.#lastWhere((hidden) => hidden.first <= line);
    return stretch !== undefined && line <= stretch.last;
  }

  #lastWhere(holds: (hidden: { first: number; last: number; rowsBefore: number }) => boolean) {
    let low = 0;
    let high = this.#hidden.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const hidden = this.#hidden[middle];
      if (hidden && holds(hidden)) low = middle + 1;
      else high = middle;
    }
    return this.#hidden[low - 1];
  }
}
