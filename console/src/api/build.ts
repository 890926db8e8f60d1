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
  /** Not there where it is unknown, as `droppedLines`. */
  maskedValues?: number;
  droppedLines?: number;
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
  Failure?: { Fault: 'source' | 'settings' | 'machine' | 'cancelled'; Message: string };
  ImageDigest?: string;
  CommitId?: string;
  CommitAuthor?: string;
  CommitMessage?: string;
  BaseImages?: { Name: string; Digest: string }[];
  BuildRuleId?: string;
  Source: { Kind: 'git' | 'code-host' | 'archive'; Name?: string; Url?: string; Ref?: string };
  /** How often it was begun; 0 waits still. */
  Attempt: number;
  SupersededBy?: string;
  CreateTime: number;
  StartTime?: number;
  EndTime?: number;
  /** Since when the log is kept no longer. */
  LogExpireTime?: number;
}

export interface BuildDetail extends Build {
  /** Of a build that waits: how many may begin before it, plus one. */
  QueuePosition?: number;
  /** Of a build that has not ended, in ms: how long the last good ones took. */
  ExpectedDuration?: number;
  LineCount: number;
  Seal?: Seal;
}

export interface Line {
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
  /** Where the failing step stands in the Dockerfile, or its base image is named; of a long one the first lines. */
  Dockerfile?: { Path: string; FirstLine: number; LastLine: number; Lines: string[] };
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
