import { listDeliveries } from '#delivery/delivery-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { getStoredTrigger } from '#trigger/trigger-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { deliveryReply } from '../replies/delivery-reply.ts';

const LIST_DEFAULT = 30;

/** `GET /repositories/NAMESPACE/NAME/triggers/TRIGGER_ID/deliveries` */
export default nativeOperation('listDeliveries', async (context, { namespace, name, triggerId, ...page }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  await getStoredTrigger(context.db, repoId, triggerId);
  const { untriggered: withUntriggered = false, limit = LIST_DEFAULT, cursor } = page;
  const before = cursor === undefined ? undefined : Number(cursor);
  // One more than the page holds shows whether others follow.
  const filter = { receiverIds: [triggerId], withUntriggered };
  const found = await listDeliveries(context.db, filter, { limit: limit + 1, before });
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  return {
    Deliveries: deliveries.map(deliveryReply),
    Cursor: last && found.length > limit ? String(last.sequence) : undefined,
  };
});
