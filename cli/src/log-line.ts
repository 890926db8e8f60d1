/** A line of a log, as the native API gives it. */
export interface LogLine {
  LineNumber: number;
  Message: string;
  BuildStage: string;
  /** 0 is none. */
  Step: number;
  Attempt: number;
  /** Milliseconds since 1970; not there where it is unknown. */
  Time?: number;
  Continued: boolean;
}
