import type { Delivery } from '#delivery/delivery.ts';
import type { Delivery as DeliveryReply } from '#rpc/native-types.gen.ts';

/** A delivery and its last attempt. */
export function deliveryReply(delivery: Delivery): DeliveryReply {
  return {
    DeliveryId: delivery.deliveryId,
    State: delivery.state,
    Repository: `${delivery.namespaceName}/${delivery.repoName}`,
    Tag: delivery.tag,
    Body: delivery.body,
    Attempts: delivery.attempts,
    CreateTime: delivery.createdMs,
    AttemptTime: delivery.triedMs,
    StatusCode: delivery.status,
    Reply: delivery.reply,
    Failure: delivery.failure,
  };
}
