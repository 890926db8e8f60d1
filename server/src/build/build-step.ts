/** The maximum number of steps per build. Lines of further steps are attributed to the last one. */
export const STEPS_LIMIT = 10_000;

/** The position of a step in its Dockerfile. */
export type StepPosition = Pick<BuildStep, 'stage' | 'stageCount' | 'number' | 'numberCount'>;

/** One step of a Dockerfile, as a build ran it. Times are in milliseconds since 1970. */
export interface BuildStep {
  /** Numbered from 1 over all stages, in the order in which steps begin, as in the log's lines. */
  step: number;
  /** The stage in the Dockerfile, from 1, and the number of stages. */
  stage: number;
  stageCount: number;
  /** The name that the Dockerfile gives to the stage, in lower case, at most 128 characters of it. */
  stageName?: string | undefined;
  /** As the builder counts: the FROM of an image is the first step of its stage. */
  number: number;
  numberCount: number;
  /** As the builder prints it, with secrets masked. */
  instruction: string;
  /** The platform it runs on, unless the build is only for the server's own; and its target platform, if that differs. */
  platform?: string | undefined;
  targetPlatform?: string | undefined;
  /** Whether its layer came from the cache. */
  cached: boolean;
  startedMs: number;
  endedMs: number | undefined;
  /** 0 if it did not fail; undefined while it runs, or if the builder gave none. */
  exitCode: number | undefined;
}

/** The position of a step as users see it, with the log's numbers: `3/4`, or `3/4 of stage 1/2`. */
export function shownStep({ stage, stageCount, number, numberCount }: StepPosition): string {
  return `${number}/${numberCount}${stageCount > 1 ? ` of stage ${stage}/${stageCount}` : ''}`;
}
