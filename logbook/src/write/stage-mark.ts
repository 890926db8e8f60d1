/** The stage, step and attempt of lines, as the index records them. */
export interface StageMark {
  stage: string;
  /** The stage as JSON, as it is in each line. */
  stageJson: string;
  /** 0 is none. */
  step: number;
  /** From 1; 0 is unknown. */
  attempt: number;
}

const STAGE_LIMIT_BYTES = 255;

/** The bytes of a line other than message and stage, with its number counted as the 16 digits of 2^53-1. */
export const LINE_FRAME_BYTES = '{"LineNumber":,"Message":"","BuildStage":}\n'.length + 16;

/** Makes a mark. Throws RangeError for values that the format cannot hold. */
export function stageMarkOf(stage: string, step: number, attempt: number): StageMark {
  if (stage === '' || !stage.isWellFormed() || Buffer.byteLength(stage) > STAGE_LIMIT_BYTES) {
    throw new RangeError(`not a stage's name (1 to ${STAGE_LIMIT_BYTES} bytes): ${JSON.stringify(stage)}`);
  }
  if (!Number.isInteger(step) || step < 0 || step > 0xffffffff) throw new RangeError(`not a step: ${step}`);
  if (!Number.isInteger(attempt) || attempt < 0 || attempt > 0xffff) throw new RangeError(`not an attempt: ${attempt}`);
  return { stage, stageJson: JSON.stringify(stage), step, attempt };
}

/** How many bytes of JSON a message may have with a mark, so that its line stays within the limit. */
export function messageLimitBytes(mark: StageMark, lineLimitBytes: number): number {
  return lineLimitBytes - LINE_FRAME_BYTES - Buffer.byteLength(mark.stageJson);
}
