import type { RunRow } from '@slipway/logbook';

/** The lines of a step, inclusive. */
export interface StepLines {
  firstLine: number;
  lastLine: number;
}

/** The lines of each step in the image build stage, from the runs of the log. */
export function stepLines(runs: Iterable<RunRow>): Map<number, StepLines> {
  const found = new Map<number, StepLines>();
  for (const run of runs) {
    if (run.stage !== 'DOCKER_IMAGE_BUILD' || run.step === 0) continue;
    const lastLine = run.firstLine + run.lineCount - 1;
    const before = found.get(run.step);
    if (before) before.lastLine = lastLine;
    else found.set(run.step, { firstLine: run.firstLine, lastLine });
  }
  return found;
}
