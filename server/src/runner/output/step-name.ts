import type { StepPosition } from '#build/build-step.ts';
import { findPlatform } from '#platform/platform.ts';

/** A step's name, parsed. */
export interface StepName {
  /**
   * The platform that the step runs on, and the one it is for if that differs; undefined in a build for one platform.
   */
  platform: string | undefined;
  targetPlatform: string | undefined;
  /** Undefined if the Dockerfile has one stage. */
  stage: string | undefined;
  number: number;
  numberCount: number;
  instruction: string;
}

/** `[2/3] RUN …`, `[builder  2/30] RUN …`, `[linux/amd64->arm64 stage-1 2/3] RUN …`: numbers are padded. */
const FORM = /^\[(?:([a-z0-9]+\/[a-z0-9/]+)(?:->([a-z0-9/]+))? )?(?:([a-z0-9._-]+) )? {0,4}(\d{1,5})\/(\d{1,5})\] /i;

/** Parses a name from the builder; undefined if it is not a step. */
export function parseStepName(name: string): StepName | undefined {
  const [prefix, platform, target, stage, number, numberCount] = FORM.exec(name) ?? [];
  if (prefix === undefined) return undefined;
  return {
    platform,
    // For the target platform, the builder prints only the parts that differ.
    targetPlatform: target === undefined ? undefined : (findPlatform(target) ?? target),
    stage: stage?.toLowerCase(),
    number: Number(number),
    numberCount: Number(numberCount),
    instruction: name.slice(prefix.length),
  };
}

/**
 * The line of the log that announces a step: `STEP 3/4: RUN make`, and `[1/2] STEP 3/4: RUN make` where the Dockerfile
 * has two stages. Programs print `[3/4]` too, so that alone would not be enough.
 */
export function announceStep(
  step: StepPosition & Partial<Pick<StepName, 'platform' | 'targetPlatform'>>,
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
