import type { LogReader } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import { type BuildStep, shownStep } from '#build/build-step.ts';
import { type LogStretch, listStretches } from '#build/logs/log-stretches.ts';

/** A stretch of a log, with what is known about its step. */
export interface LogSection extends LogStretch {
  stage: Stage;
  /** The instruction that the builder announced in the first line. */
  instruction: string | undefined;
  /** The step's position, in words. */
  place: string | undefined;
  /** The platform that the step runs on, if known. */
  platform: string | undefined;
}

/** The sections of a log in order, from its index and the build's recorded steps. */
export async function listSections(log: LogReader, steps: readonly BuildStep[]): Promise<LogSection[]> {
  const known = new Map(steps.map((step) => [step.step, step]));
  return (await listStretches(log)).map((stretch) => {
    const step = known.get(stretch.step);
    return {
      ...stretch,
      // To a log, stages are just names. A build's logs have only these.
      stage: stretch.stage as Stage,
      instruction: step?.instruction,
      place: step && shownStep(step),
      platform: step?.platform,
    };
  });
}
