import { EXIT_CODES } from './cli-error.ts';

/** How a build ended. */
export interface BuildResult {
  Status: string;
  Failure?: { Fault: string; Message: string };
}

/** The exit code of a command that saw a build to its end. */
export function exitCodeOf(result: BuildResult): number {
  if (result.Status === 'SUCCESS') return 0;
  if (result.Status === 'CANCELED') return EXIT_CODES.cancelled;
  return result.Failure?.Fault === 'machine' ? EXIT_CODES.machine : EXIT_CODES.buildFailed;
}
