import { listDeliveries } from '#delivery/delivery-store.ts';
import type { Delivery } from '#rpc/native-types.gen.ts';
import type { NativeContext } from '../native-operation.ts';
import { deliveryReply } from './delivery-reply.ts';

const LIST_DEFAULT = 30;

/** What a page of deliveries was asked for with. */
export interface DeliveryPage {
  untriggered?: boolean | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** A page of what a receiver was sent, the newest first. */
export async function deliveryPage(
  db: NativeContext['db'],
  receiverId: string,
  { untriggered: withUntriggered = false, limit = LIST_DEFAULT, cursor }: DeliveryPage,
): Promise<{ Deliveries: Delivery[]; Cursor: string | undefined }> {
  const before = cursor === undefined ? undefined : Number(cursor);
  // One more than the page holds shows whether others follow.
  const filter = { receiverIds: [receiverId], withUntriggered };
  const found = await listDeliveries(db, filter, { limit: limit + 1, before });
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  return {
    Deliveries: deliveries.map(deliveryReply),
    Cursor: last && found.length > limit ? String(last.sequence) : undefined,
  };
}
