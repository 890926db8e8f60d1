import type { StepPlace } from '#build/build-step.ts';
import { findPlatform } from '#platform/platform.ts';

/** What the builder's name of a step says. */
export interface StepName {
  /** What the step runs on, and what for where that is another; undefined in a build for one platform. */
  platform: string | undefined;
  targetPlatform: string | undefined;
  /** Undefined where the Dockerfile has one stage. */
  stage: string | undefined;
  number: number;
  numberCount: number;
  instruction: string;
}

/** `[2/3] RUN …`, `[builder  2/30] RUN …`, `[linux/amd64->arm64 stage-1 2/3] RUN …`: numbers are set flush. */
const FORM = /^\[(?:([a-z0-9]+\/[a-z0-9/]+)(?:->([a-z0-9/]+))? )?(?:([a-z0-9._-]+) )? {0,4}(\d{1,5})\/(\d{1,5})\] /i;

/** Reads the name of what the builder is at; undefined for what is no step. */
export function parseStepName(name: string): StepName | undefined {
  const [prefix, platform, target, stage, number, numberCount] = FORM.exec(name) ?? [];
  if (prefix === undefined) return undefined;
  return {
    platform,
    // Of the one that is built for, it tells what differs.
    targetPlatform: target === undefined ? undefined : (findPlatform(target) ?? target),
    stage: stage?.toLowerCase(),
    number: Number(number),
    numberCount: Number(numberCount),
    instruction: name.slice(prefix.length),
  };
}

/**
 * The line of the log that announces a step: `STEP 3/4: RUN make`, and `[1/2] STEP 3/4: RUN make` where the Dockerfile has two
 * stages. Programs print `[3/4]` for themselves, so that is not all of it.
 */
export function announceStep(
  step: StepPlace & Partial<Pick<StepName, 'platform' | 'targetPlatform'>>,
  instruction: string,
): string {
  const { stage, stageCount, number, numberCount } = step;
  const of = [shownPlatform(step), stageCount > 1 ? `${stage}/${stageCount}` : undefined];
  const before = of.filter((part) => part !== undefined).join(' ');
  return `${before === '' ? '' : `[${before}] `}STEP ${number}/${numberCount}: ${instruction}`;
}

/** `linux/arm64`, or `linux/amd64->linux/arm64` for a step that runs on one platform for another. */
export function shownPlatform({
  platform,
  targetPlatform,
}: {
  platform?: string | undefined;
  targetPlatform?: string | undefined;
}): string | undefined {
  return targetPlatform === undefined ? platform : `${platform}->${targetPlatform}`;
}
