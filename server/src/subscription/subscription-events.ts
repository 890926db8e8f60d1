import type { EventConsumer } from '#event/event-consumers.ts';
import { removeSubscriptionRulesOf } from './subscription-rule-store.ts';

/** Removes the rules that mirror to a repository when it is deleted: they would create it again. */
export function subscriptionEvents(): EventConsumer {
  return {
    name: 'subscription',
    async take(trx, event) {
      if (event.kind === 'repository_deleted') await removeSubscriptionRulesOf(trx, event.body, event.timeMs);
    },
  };
}
