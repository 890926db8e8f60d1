import type { BuildFailure, FinalStatus } from '#build/build.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { failureLine } from './run-build-job.ts';

/** How a build ended: with an image, or with a failure. */
export interface BuildEnd {
  /** Undefined also for an image that was not to be pushed. */
  imageDigest?: string | undefined;
  failure?: BuildFailure;
  /** Why the log may lack lines; undefined if it is complete. */
  lostLines?: string | undefined;
}

/** The end of a build that threw. */
export function endOf(error: unknown): BuildEnd {
  if (!(error instanceof BuildFailed))
    return { failure: { fault: 'machine', kind: 'server-failed', message: failureLine(error) } };
  const { fault, kind, facts, message, summary, exitCode, dockerfile, lostLines } = error;
  return { failure: { fault, kind, facts, message, summary, exitCode, dockerfile }, lostLines };
}

/** The end of a build whose log could not be written, whatever else happened. */
export function endOfLostLog(error: unknown): BuildEnd {
  const why = error instanceof Error ? error.message : String(error);
  return {
    failure: { fault: 'machine', kind: 'log-lost', message: 'the log could not be written to disk' },
    lostLines: `the log could not be written to disk: ${why}`,
  };
}

/** The final status that an end means. */
export function statusOf(end: BuildEnd): FinalStatus {
  if (end.failure === undefined) return 'SUCCESS';
  return end.failure.fault === 'cancelled' ? 'CANCELED' : 'FAILED';
}
