/** Of one build so many steps are told apart; the lines of further ones count to the last of these. */
export const STEPS_LIMIT = 10_000;

/** One step of a Dockerfile as a build ran it. Times in milliseconds since 1970. */
export interface BuildStep {
  /** Counted over all stages, from 1: the step of the log's lines. */
  step: number;
  /** The stage of the Dockerfile, from 1, and how many it has. */
  stage: number;
  stageCount: number;
  /** The step's place in its stage, from 1, and how many the stage has. */
  number: number;
  numberCount: number;
  /** As the builder prints it, secrets masked. */
  instruction: string;
  /** Its layer was taken from the cache. */
  cached: boolean;
  startedMs: number;
  endedMs: number | undefined;
  /** 0 if the next step began; undefined while it runs, and where the builder gave none. */
  exitCode: number | undefined;
}
