import type { BuildStep } from '../build-step.ts';

/** The only step of a build, while it runs. */
export const RUNNING_STEP: BuildStep = {
  step: 1,
  stage: 1,
  stageCount: 1,
  number: 1,
  numberCount: 1,
  instruction: 'RUN x',
  cached: false,
  startedMs: 1,
  endedMs: undefined,
  exitCode: undefined,
};
