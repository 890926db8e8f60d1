import type { Section } from '../api/build.ts';

/** A stretch of lines that can be folded into its first one. */
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

/** What people call a stage. */
export function stageName(stage: string): string {
  return STAGE_NAMES[stage] ?? stage;
}

/**
 * What can be folded in a log of so many lines, by first line. Of a log that grows, the last section grows with it. Of steps
 * that ran side by side only the stretch that begins with the step's own line is one: what comes later has no head.
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

/** Which line stands in which row of a log whose folds are partly closed. Rows are counted from 0, lines from 1. */
export class RowMap {
  readonly rowCount: number;
  /** Hidden stretches in order, without overlaps, each with the rows that stand before it. */
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

  /** The row of a line; of a hidden one, the row it is folded into. */
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
