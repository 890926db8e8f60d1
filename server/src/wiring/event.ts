import { accelerationEvents } from '#acceleration/acceleration-events.ts';
import { chainEvents, isHeldByChain, isLetOutByChain } from '#chain/chain-events.ts';
import { commitStatusEvents } from '#commit-status/commit-status-events.ts';
import { startEventConsumers } from '#event/event-consumers.ts';
import { eventRuleEvents } from '#event-rule/event-rule-events.ts';
import type { Means } from '#rpc/context.ts';
import { scanEvents } from '#scan/scan-events.ts';
import { subscriptionEvents } from '#subscription/subscription-events.ts';
import { syncEvents } from '#sync/sync-events.ts';
import { triggerEvents } from '#trigger/trigger-events.ts';

/** What events are taken with. */
export interface EventWiringMeans {
  means: Means;
  instanceId: string;
  publicUrl: string;
  /** Told after deliveries may have been added. */
  deliveriesChanged: () => void;
  report: (message: string, error: unknown) => void;
}

/** Passes events to every part of the server that acts on them, until it is closed. */
export function startEvents(wiring: EventWiringMeans): Promise<{ close(): Promise<void> }> {
  const { means, instanceId, publicUrl, deliveriesChanged, report } = wiring;
  const consumers = [
    triggerEvents(means, isHeldByChain),
    eventRuleEvents({ ...means, publicUrl }),
    syncEvents(means, { isHeld: isHeldByChain, isLetOut: isLetOutByChain }),
    accelerationEvents(means),
    subscriptionEvents(),
    scanEvents(instanceId, means.hasOtherScanner),
    chainEvents(means),
    commitStatusEvents(),
  ];
  const taken = () => {
    deliveriesChanged();
    means.jobsChanged();
  };
  return startEventConsumers({ db: means.db, consumers, taken, report });
}
