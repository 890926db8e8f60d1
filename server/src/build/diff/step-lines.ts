import type { LogStretch } from '../logs/log-stretches.ts';

/** The lines of a step, inclusive. */
export interface StepLines {
  firstLine: number;
  lastLine: number;
}

/** The lines of each step in the image build stage, from the stretches of the log. */
export function stepLines(stretches: readonly LogStretch[]): Map<number, StepLines> {
  const found = new Map<number, StepLines>();
  for (const stretch of stretches) {
    if (stretch.stage !== 'DOCKER_IMAGE_BUILD' || stretch.step === 0) continue;
    const lastLine = stretch.firstLine + stretch.lineCount - 1;
    const before = found.get(stretch.step);
    if (before) before.lastLine = lastLine;
    else found.set(stretch.step, { firstLine: stretch.firstLine, lastLine });
  }
  return found;
}
