import type { HookEvent } from './hook-event.ts';

/** What came of a delivery: builds, nothing, or a refusal because of its secret or its form. */
export type DeliveryResult = 'built' | 'nothing' | 'refused';

/** What a code host sent to the hook of a repository, and what came of it. */
export interface HookDelivery {
  deliveryId: string;
  repoId: string;
  receivedMs: number;
  result: DeliveryResult;
  /** Undefined if it was refused, or reported something that cannot be built. */
  event: HookEvent | undefined;
  builds: readonly { buildRecordId: string; imageTag: string }[];
  /** Why there are no builds, or fewer than expected. */
  notes: readonly string[];
  /** The ARN of the caller who had it processed again; undefined for what a code host sent. */
  redeliveredBy: string | undefined;
}
