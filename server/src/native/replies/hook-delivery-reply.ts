import type { HookDelivery } from '#source/hooks/hook-delivery.ts';
import type { HookEvent } from '#source/hooks/hook-event.ts';

/** A delivery as replies show it. */
export function hookDeliveryReply(delivery: HookDelivery) {
  return {
    DeliveryId: delivery.deliveryId,
    ReceiveTime: delivery.receivedMs,
    Result: delivery.result,
    Event: delivery.event && eventReply(delivery.event),
    Builds: delivery.builds.map(({ buildRecordId, imageTag }) => ({
      BuildRecordId: buildRecordId,
      ImageTag: imageTag,
    })),
    Notes: [...delivery.notes],
    RedeliveredBy: delivery.redeliveredBy,
  };
}

function eventReply(event: HookEvent) {
  const { commitId: CommitId } = event;
  if ('pullRequest' in event)
    return { Kind: 'pull-request' as const, Name: event.targetBranch, PullRequest: event.pullRequest, CommitId };
  const Kind = event.pushType === 'GIT_TAG' ? ('tag' as const) : ('branch' as const);
  return { Kind, Name: event.name, CommitId };
}
