import { startAcceleration } from './acceleration-wiring.ts';
import { type SubscriptionWiringMeans, startSubscriptions } from './subscription-wiring.ts';
import { registerSync, type SyncWiringMeans } from './sync-wiring.ts';

/** Starts everything that copies or converts images by rules: replication, subscription and acceleration. Before the jobs start. */
export async function startCopies(
  wiring: SyncWiringMeans & SubscriptionWiringMeans & Parameters<typeof startAcceleration>[0],
): Promise<{ close(): Promise<void> }> {
  registerSync(wiring.jobs, wiring);
  const subscribing = startSubscriptions(wiring);
  const accelerating = await startAcceleration(wiring);
  return { close: async () => void (await Promise.all([subscribing.close(), accelerating.close()])) };
}
