import { requesterOf } from '#account/requester.ts';
import { takeHookEvent } from '#build/rules/take-hook-event.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { deliveryHasNoEvent, pushHookNotFound } from '#source/errors.ts';
import type { HookDelivery } from '#source/hooks/hook-delivery.ts';
import { getHookDelivery, noteHookDelivery } from '#source/hooks/hook-delivery-store.ts';
import { findPushHookOf } from '#source/hooks/push-hook-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { hookDeliveryReply } from '../replies/hook-delivery-reply.ts';

/** `POST /repositories/NAMESPACE/NAME/hook/deliveries/DELIVERY_ID/redeliver`: by the rules and the source as they are now. */
export default nativeOperation('redeliverHook', async (context, { namespace, name, deliveryId }) => {
  const { db, instanceId, hookOptions, principal } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const { event: stored, receivedMs } = await getHookDelivery(db, repoId, deliveryId);
  if (stored === undefined) throw deliveryHasNoEvent();
  // A redelivery is as old as the first delivery. A pull request that an earlier version stored has no time.
  const event = 'pullRequest' in stored ? { ...stored, pushedMs: stored.pushedMs ?? receivedMs } : stored;
  const hook = await findPushHookOf(db, repoId);
  if (hook === undefined) throw pushHookNotFound();
  const again = context.newBuildRecordId();
  // A name of its own, because a delivery that was processed is not processed twice.
  const deliveryNames = [`redelivery ${again}`];
  const redeliverer = requesterOf(principal);
  const { builds, notes } = await takeHookEvent(context, hook, event, { ...hookOptions, deliveryNames, redeliverer });
  const delivery: HookDelivery = {
    deliveryId: again,
    repoId,
    receivedMs: context.now(),
    result: builds.length > 0 ? 'built' : 'nothing',
    event,
    builds: builds.map(({ buildRecordId, imageTag }) => ({ buildRecordId, imageTag })),
    notes,
    redeliveredBy: principal.arn,
  };
  await noteHookDelivery(db, delivery);
  return hookDeliveryReply(delivery);
});
