/** Of one build so many steps are told apart; the lines of further ones count to the last of these. */
export const STEPS_LIMIT = 10_000;

/** Where a step stands in its Dockerfile. */
export type StepPlace = Pick<BuildStep, 'stage' | 'stageCount' | 'number' | 'numberCount'>;

/** One step of a Dockerfile as a build ran it. Times in milliseconds since 1970. */
export interface BuildStep {
  /** Counted over all stages in the order in which steps begin, from 1: the step of the log's lines. */
  step: number;
  /** The stage of the Dockerfile, from 1, and how many it has. */
  stage: number;
  stageCount: number;
  /** As the builder counts them: the FROM of an image is the first of its stage. */
  number: number;
  numberCount: number;
  /** As the builder prints it, secrets masked. */
  instruction: string;
  /** What it runs on, in a build that is not for the server's machine alone; and what for, where that is another. */
  platform?: string | undefined;
  targetPlatform?: string | undefined;
  /** Its layer was taken from the cache. */
  cached: boolean;
  startedMs: number;
  endedMs: number | undefined;
  /** 0 if it did not fail; undefined while it runs, and where the builder gave none. */
  exitCode: number | undefined;
}

/** What a step is called wherever it is spoken of, by the numbers that the log gives it: `3/4`, or `3/4 of stage 1/2`. */
export function spokenPlace({ stage, stageCount, number, numberCount }: StepPlace): string {
  return `${number}/${numberCount}${stageCount > 1 ? ` of stage ${stage}/${stageCount}` : ''}`;
}
