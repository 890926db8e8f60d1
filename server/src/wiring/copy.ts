import type { TargetSettings } from '#replication/target-settings.ts';
import { startAcceleration } from './acceleration.ts';
import { type SubscriptionWiringMeans, startSubscriptions } from './subscription.ts';
import { registerSync } from './sync.ts';

/** What copies work with. */
export interface CopyWiringMeans extends SubscriptionWiringMeans {
  syncTargets: readonly TargetSettings[];
  folder: { blobs: string };
}

/** Starts what copies or converts images by rules: replication, subscription and acceleration. Before the jobs start. */
export async function startCopies(wiring: CopyWiringMeans): Promise<{ close(): Promise<void> }> {
  registerSync(wiring.jobs, { ...wiring, targets: wiring.syncTargets });
  const subscribing = startSubscriptions(wiring);
  const accelerating = await startAcceleration({ ...wiring, blobsFolder: wiring.folder.blobs });
  return { close: async () => void (await Promise.all([subscribing.close(), accelerating.close()])) };
}
