import type { TagSet } from '#event/event.ts';
import { jobKind } from '#job/job.ts';

/** RUNNING until it ends; CANCELED if its image was replaced or removed before it had passed. */
export type ChainStatus = 'RUNNING' | 'COMPLETE' | 'CANCELED';
export type ChainResult = 'SUCCESS' | 'FAILED' | 'CANCELED' | 'DENIED';

/** The walk of one image through a version of a chain. */
export interface ChainInstance {
  /** A UUID, which is also the batch of its replication. */
  chainInstanceId: string;
  instanceId: string;
  repoId: string;
  configId: string;
  /** The tag that was set, and the image that it was set to. */
  event: { sequence: number; timeMs: number; body: TagSet };
  status: ChainStatus;
  result: ChainResult | undefined;
  /** Why it did not succeed. */
  reason: string | undefined;
  /** Where it waits, or waited when it ended without success. */
  node: 'VULNERABILITY_SCANNING' | 'ACTIVATE_REPLICATION' | undefined;
  scanId: string | undefined;
  /** How many attempts of the scan have been waited for. */
  scanAttempt: number;
  startedMs: number;
  endedMs: number | undefined;
}

/** Ends the wait of a scan node, unless it has already ended. */
export const SCAN_WAIT = jobKind<{ chainInstanceId: string; scanAttempt: number }, null>('chain-scan-wait');
