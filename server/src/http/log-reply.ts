import type { LogLine } from '@slipway/logbook';

/** A line as the native API tells it: the vendor's three fields first. `Time` is not there where it is unknown. */
export function lineReply(line: LogLine) {
  return {
    LineNumber: line.lineNumber,
    Message: line.message,
    BuildStage: line.stage,
    Step: line.step,
    Attempt: line.attempt,
    Time: line.timeMs,
    Continued: line.continued,
  };
}
