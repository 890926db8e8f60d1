import type { LogLine } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import type { Line } from '#rpc/native-types.gen.ts';

/** A line as the native API tells it: the vendor's three fields first. `Time` is not there if it is unknown. */
export function lineReply(line: LogLine): Line {
  return {
    LineNumber: line.lineNumber,
    Message: line.message,
    // A log knows stages by their names alone; those of a build are these.
    BuildStage: line.stage as Stage,
    Step: line.step,
    Attempt: line.attempt,
    Time: line.timeMs,
    Continued: line.continued,
  };
}
