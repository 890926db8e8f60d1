/** The replies of the native API that the console reads; `/api/v1/openapi.json` defines them. Times in ms since 1970. */

export type BuildStatus = 'PENDING' | 'BUILDING' | 'SUCCESS' | 'FAILED' | 'CANCELED';

/** A stretch of a sealed log that is not as it was written. */
export interface PartialRange {
  firstLine: number;
  lastLine: number;
  reason: string;
}

export interface Seal {
  lineCount: number;
  sizeBytes: number;
  sha256: string;
  maskedValues: number;
  droppedLines: number;
  verdict: 'complete' | 'partial';
  reason?: string;
  ranges: PartialRange[];
  sealedAtMs: number;
}

export interface Build {
  BuildRecordId: string;
  InstanceId: string;
  RepoId: string;
  Repository: string;
  ImageTag: string;
  Status: BuildStatus;
  Failure?: { Fault: 'source' | 'machine' | 'cancelled'; Message: string };
  ImageDigest?: string;
  CommitId?: string;
  CreateTime: number;
  StartTime?: number;
  EndTime?: number;
}

export interface BuildDetail extends Build {
  LineCount: number;
  Seal?: Seal;
}

export interface Line {
  /** Since when the log is kept no longer. */
  LogExpireTime?: number;
  LineNumber: number;
  Message: string;
  BuildStage: string;
  Step: number;
  Attempt: number;
  Time?: number;
  Continued: boolean;
}

export interface LogPage {
  Status: BuildStatus;
  Offset: number;
  TotalCount: number;
  Sealed: boolean;
  Lines: Line[];
}

export interface Section {
  BuildStage: string;
  Step: number;
  Attempt: number;
  Instruction?: string;
  FirstLine: number;
  LineCount: number;
  StartTime?: number;
  EndTime?: number;
}

export interface Step {
  Step: number;
  Number: number;
  NumberCount: number;
  Instruction: string;
  Cached: boolean;
  StartTime: number;
  EndTime?: number;
  ExitCode?: number;
  FirstLine?: number;
}

export interface Card {
  Status: BuildStatus;
  Failure?: { Fault: string; Message: string };
  ExitCode?: number;
  Step?: { BuildStage: string; Step: number; Instruction?: string; FirstLine: number };
  ErrorLine?: Line;
  LastLines: Line[];
}

export interface SearchReply {
  Hits: { Line: Line }[];
  Cursor?: string;
}

/** Whether a build has ended: its status changes no more. */
export function isFinal(status: BuildStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILED' || status === 'CANCELED';
}
