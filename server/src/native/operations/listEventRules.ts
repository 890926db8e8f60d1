import { listNewestDeliveries } from '#delivery/delivery-store.ts';
import { listReceiverStates } from '#delivery/receiver-store.ts';
import { shownUrl } from '#delivery/receiver-url.ts';
import { listEventRules } from '#event-rule/event-rule-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { deliveryReply } from '../replies/delivery-reply.ts';

/** `GET /event-rules`: the vendor lists only their names. */
export default nativeOperation('listEventRules', async (context) => {
  const rules = await listEventRules(context.db, context.instanceId);
  const ids = rules.map(({ ruleId }) => ruleId);
  const states = await listReceiverStates(context, ids);
  const newest = await listNewestDeliveries(context.db, ids);
  return {
    Rules: rules.map((rule) => {
      const state = states.get(rule.ruleId);
      const last = newest.get(rule.ruleId);
      return {
        RuleId: rule.ruleId,
        Name: rule.name,
        EventType: rule.eventType,
        Scope: rule.scope,
        Namespaces: [...rule.namespaces],
        RepoNames: [...rule.repoNames],
        RepoTagFilterPattern: rule.tagPattern || undefined,
        Method: rule.method,
        Url: state === undefined ? '' : shownUrl(state.url),
        FailingSince: state?.failingSinceMs,
        LastDelivery: last && deliveryReply(last),
      };
    }),
  };
});
