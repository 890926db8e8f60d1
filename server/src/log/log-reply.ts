import type { LogLine } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import type { Line } from '#rpc/native-types.gen.ts';

/** A line, as the native API returns it: the vendor's three fields first. `Time` is absent if unknown. */
export function lineReply(line: LogLine): Line {
  return {
    LineNumber: line.lineNumber,
    Message: line.message,
    // To a log, stages are just names. A build's logs have only these.
    BuildStage: line.stage as Stage,
    Step: line.step,
    Attempt: line.attempt,
    Time: line.timeMs,
    Continued: line.continued,
  };
}
