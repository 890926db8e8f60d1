import type { RuleAuthor } from '#account/rule-author.ts';
import type { SeverityCounts } from './advisory/finding.ts';
import type { ScanType } from './scan-type.ts';

/** COMPLETE and FAILED are final. */
export type ScanStatus = 'SCANNING' | 'COMPLETE' | 'RETRYING' | 'FAILED';

/** The scan of an image, for all tags that have it. */
export interface Scan {
  /** Also the id of its job, and the ScanTaskId. */
  scanId: string;
  instanceId: string;
  repoId: string;
  digest: string;
  type: ScanType;
  status: ScanStatus;
  /** Why it failed. */
  reason: string | undefined;
  createdMs: number;
  /** The caller, or the author of the rule or chain that asked for it. */
  author: RuleAuthor;
  endedMs: number | undefined;
  scanner: string;
  /** The advisories that it used, and the age of their data. Undefined until it is complete. */
  database: { version: string; dataMs: number | undefined } | undefined;
  counts: SeverityCounts | undefined;
  /** Kinds of packages in the image that could not be looked up. */
  unchecked: readonly string[];
}

/** Whether a scan is running. */
export function isScanning({ status }: Pick<Scan, 'status'>): boolean {
  return status === 'SCANNING' || status === 'RETRYING';
}
