import type { Section } from '../api/build.ts';

/** A range of lines that can be folded into its first line. */
export interface Fold {
  /** Stages are folded with all their steps. */
  readonly kind: 'stage' | 'step';
  readonly label: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

const STAGE_NAMES: Readonly<Record<string, string>> = {
  GIT_CLONE: 'Fetch',
  DOCKER_IMAGE_BUILD: 'Build',
  DOCKER_IMAGE_PUSH: 'Push',
};

/** The name of a stage for people. */
export function stageName(stage: string): string {
  return STAGE_NAMES[stage] ?? stage;
}

/**
 * Returns what can be folded in a log of `lines` lines, in the order of the first lines. The last section of a growing
 * log grows with it. When steps run in parallel, only the lines that follow a step's own line can be folded: its later
 * lines have no heading to fold into.
 */
export function foldsOf(sections: readonly Section[], lineCount: number): Fold[] {
  const folds: Fold[] = [];
  const begun = new Set<string>();
  let stage: { name: string; firstLine: number } | undefined;
  const endStage = (lastLine: number) => {
    if (stage && lastLine > stage.firstLine) {
      folds.push({ kind: 'stage', label: stageName(stage.name), firstLine: stage.firstLine, lastLine });
    }
  };
  for (const [index, section] of sections.entries()) {
    if (section.BuildStage !== stage?.name) {
      endStage(section.FirstLine - 1);
      stage = { name: section.BuildStage, firstLine: section.FirstLine };
    }
    const isLast = index === sections.length - 1;
    const lastLine = isLast ? Math.max(lineCount, section.FirstLine) : section.FirstLine + section.LineCount - 1;
    const step = `${section.BuildStage} ${section.Attempt} ${section.Step}`;
    const isHead = section.Step > 0 && !begun.has(step);
    begun.add(step);
    if (isHead && lastLine > section.FirstLine && section.FirstLine !== stage?.firstLine) {
      const platform = section.Platform ? ` on ${section.Platform}` : '';
      const label = `step ${section.Place ?? section.Step}${platform}${section.Instruction ? `: ${section.Instruction}` : ''}`;
      folds.push({ kind: 'step', label, firstLine: section.FirstLine, lastLine });
    }
  }
  endStage(lineCount);
  return folds.sort((a, b) => a.firstLine - b.firstLine);
}

/** Maps the lines of a log to its rows when some folds are closed. Rows count from 0, lines from 1. */
export class RowMap {
  readonly rowCount: number;
  /** Hidden ranges in order, without overlaps, each with the number of rows before it. */
  readonly #hidden: { first: number; last: number; rowsBefore: number }[] = [];

  constructor(lineCount: number, folds: readonly Fold[], closed: ReadonlySet<number>) {
    let hiddenLines = 0;
    let end = 0;
    for (const fold of folds) {
      if (!closed.has(fold.firstLine) || fold.lastLine <= end) continue;
      const first = Math.max(fold.firstLine + 1, end + 1);
      const last = Math.min(fold.lastLine, lineCount);
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
