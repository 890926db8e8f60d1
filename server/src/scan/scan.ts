import type { SeverityCounts } from './advisory/finding.ts';
import type { ScanType } from './scan-type.ts';

/** The first and the last but one go on. */
export type ScanStatus = 'SCANNING' | 'COMPLETE' | 'RETRYING' | 'FAILED';

/** The scan of an image, for all tags that stand for it. */
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
  endedMs: number | undefined;
  scanner: string;
  /** Which advisories it went by, and how new they were. Undefined until it is complete. */
  database: { version: string; dataMs: number | undefined } | undefined;
  counts: SeverityCounts | undefined;
  /** Kinds of packages that the image holds and nobody could look up. */
  unchecked: readonly string[];
}

/** Whether a scan goes on. */
export function isScanning({ status }: Pick<Scan, 'status'>): boolean {
  return status === 'SCANNING' || status === 'RETRYING';
}
