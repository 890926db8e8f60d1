import { listNewestDeliveries } from '#delivery/delivery-store.ts';
import { listReceiverStates } from '#delivery/receiver-store.ts';
import { shownUrl } from '#delivery/receiver-url.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { listTriggers } from '#trigger/trigger-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { deliveryReply } from '../replies/delivery-reply.ts';

/** `GET /repositories/NAMESPACE/NAME/triggers` */
export default nativeOperation('listTriggers', async (context, { namespace, name }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  const triggers = await listTriggers(context, repoId);
  const ids = triggers.map(({ triggerId }) => triggerId);
  const states = await listReceiverStates(context, ids);
  const newest = await listNewestDeliveries(context.db, ids);
  return {
    Triggers: triggers.map((trigger) => {
      const state = states.get(trigger.triggerId);
      const last = newest.get(trigger.triggerId);
      return {
        TriggerId: trigger.triggerId,
        Name: trigger.name,
        Type: trigger.type,
        Tag: trigger.tag || undefined,
        Url: shownUrl(trigger.url),
        FailingSince: state?.failingSinceMs,
        NextAttempt: state?.nextMs,
        LastDelivery: last && deliveryReply(last),
      };
    }),
  };
});
