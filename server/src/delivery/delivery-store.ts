import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import { countRows } from '#db/read-page.ts';
import type { DeliveryTable } from '#db/schema/delivery-schema.ts';
import type { Tables } from '#db/schema/schema.ts';
import { transaction } from '#db/transaction.ts';
import {
  type Attempt,
  type Delivery,
  type DeliveryState,
  givenUpBefore,
  type Occasion,
  planNextAttempt,
} from './delivery.ts';

/** An event for a receiver; `sent` is false for one that is only recorded. */
export interface NewDelivery extends Occasion {
  deliveryId: string;
  body: string;
  contentType?: string;
  sent: boolean;
  /** Why an event that is for the receiver is only recorded. */
  refusal?: string | undefined;
}

/**
 * Adds a delivery of an event to a receiver, in the transaction that takes the event; a second call changes nothing.
 * `sent` is false for an event that is only recorded.
 */
export async function insertDelivery(
  db: Database,
  receiverId: string,
  { deliveryId, body, contentType = 'application/json', sent, refusal, ...occasion }: NewDelivery,
  nowMs: number,
): Promise<void> {
  const row = await db
    .insertInto('delivery')
    .values({
      delivery_id: deliveryId,
      receiver_id: receiverId,
      body,
      content_type: contentType,
      state: sent ? 'waiting' : 'untriggered',
      event_sequence: occasion.eventSequence,
      event_type: occasion.eventType,
      tag: occasion.tag,
      namespace_name: occasion.namespaceName,
      repo_name: occasion.repoName,
      attempts: 0,
      created_ms: nowMs,
      tried_ms: null,
      status: null,
      reply: null,
      failure: refusal ?? null,
    })
    .onConflict((conflict) => conflict.columns(['receiver_id', 'event_sequence']).doNothing())
    .returning('sequence')
    .executeTakeFirst();
  if (!sent || row === undefined) return;
  // A failing receiver keeps its time, and one with a running attempt is checked again when the attempt ends.
  await db
    .updateTable('receiver')
    .set({ next_ms: nowMs })
    .where('receiver_id', '=', receiverId)
    .where('next_ms', 'is', null)
    .execute();
}

/** The next delivery of a receiver, or undefined. */
export async function findFirstWaiting(db: Database, receiverId: string): Promise<Delivery | undefined> {
  const row = await db
    .selectFrom('delivery')
    .selectAll()
    .where('receiver_id', '=', receiverId)
    .where('state', '=', 'waiting')
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Records how an attempt ended, and plans when the receiver's next one is due. */
export async function noteAttempt(
  db: Database,
  { delivery, failingSinceMs }: { delivery: Delivery; failingSinceMs: number | undefined },
  attempt: Attempt,
  { startedMs, nowMs }: { startedMs: number; nowMs: number },
): Promise<void> {
  const isTaken = attempt.failure === undefined;
  const sinceMs = failingSinceMs ?? startedMs;
  const again = planNextAttempt({ createdMs: delivery.createdMs, failingSinceMs: sinceMs }, nowMs);
  const state = isTaken ? 'delivered' : again === undefined ? 'failed' : 'waiting';
  await transaction(db, async (trx) => {
    await trx
      .updateTable('delivery')
      .set({
        state,
        attempts: delivery.attempts + 1,
        tried_ms: startedMs,
        status: attempt.status ?? null,
        reply: attempt.reply ?? null,
        failure: attempt.failure ?? null,
      })
      .where('sequence', '=', delivery.sequence)
      .execute();
    if (state === 'failed') await giveUpOld(trx, delivery.receiverId, nowMs);
    const next =
      state === 'waiting' ? again : await planFollowing(trx, delivery.receiverId, isTaken ? undefined : sinceMs, nowMs);
    await trx
      .updateTable('receiver')
      .set({ next_ms: next ?? null, failing_since_ms: isTaken ? null : sinceMs })
      .where('receiver_id', '=', delivery.receiverId)
      .execute();
  });
}

/** Marks a receiver as idle if no delivery waits for it, for example after its deliveries were removed. */
export async function markReceiverIdle(db: Database, receiverId: string): Promise<void> {
  await transaction(db, async (trx) => {
    if ((await findFirstWaiting(trx, receiverId)) !== undefined) return;
    await trx.updateTable('receiver').set({ next_ms: null }).where('receiver_id', '=', receiverId).execute();
  });
}

/** A page of the deliveries of receivers, newest first, those before a given one, or from an offset. */
export async function listDeliveries(
  db: Database,
  filter: DeliveryFilter,
  page: { limit: number; offset?: number; before?: number | undefined },
): Promise<Delivery[]> {
  let query = filtered(db, filter).selectAll();
  if (page.before !== undefined) query = query.where('sequence', '<', page.before);
  const rows = await query.orderBy('sequence', 'desc').limit(page.limit).execute();
  return rows.map(fromRow);
}

/** How many deliveries there are of a filter. */
export async function countDeliveries(db: Database, filter: DeliveryFilter): Promise<number> {
  return countRows(filtered(db, filter));
}

/** Which deliveries a list includes. */
export interface DeliveryFilter {
  receiverIds: readonly string[];
  /** Whether to include those that were only recorded. */
  withUntriggered: boolean;
  eventType?: string | undefined;
  namespaceName?: string | undefined;
  repoName?: string | undefined;
}

/** The newest delivery to each receiver that was sent or waits, by the receiver's id. */
export async function listNewestDeliveries(
  db: Database,
  receiverIds: readonly string[],
): Promise<Map<string, Delivery>> {
  if (receiverIds.length === 0) return new Map();
  const newest = db
    .selectFrom('delivery')
    .select((eb) => eb.fn.max('sequence').as('sequence'))
    .where('receiver_id', 'in', [...receiverIds])
    .where(isForReceiver)
    .groupBy('receiver_id');
  const rows = await db.selectFrom('delivery').selectAll().where('sequence', 'in', newest).execute();
  return new Map(rows.map((row) => [row.receiver_id, fromRow(row)]));
}

/** Removes records of finished deliveries: those from before a time, and for each receiver all but the newest ones. */
export async function removeOldDeliveries(db: Database, beforeMs: number, keepEach: number): Promise<void> {
  await db.deleteFrom('delivery').where('state', '!=', 'waiting').where('created_ms', '<', beforeMs).execute();
  const crowded = await db
    .selectFrom('delivery')
    .select('receiver_id')
    .where('state', '!=', 'waiting')
    .groupBy('receiver_id')
    .having((eb) => eb(eb.fn.countAll(), '>', keepEach))
    .execute();
  for (const { receiver_id: receiverId } of crowded) {
    const over = db.selectFrom('delivery').where('receiver_id', '=', receiverId).where('state', '!=', 'waiting');
    const last = await over.select('sequence').orderBy('sequence', 'desc').limit(1).offset(keepEach).executeTakeFirst();
    await db
      .deleteFrom('delivery')
      .where('receiver_id', '=', receiverId)
      .where('state', '!=', 'waiting')
      .where('sequence', '<=', last?.sequence ?? 0)
      .execute();
  }
}

/** Waiting deliveries as old as the one that was given up have waited as long for the same receiver. */
async function giveUpOld(db: Database, receiverId: string, nowMs: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ state: 'failed', failure: 'given up with a delivery before it, for which the receiver had failed too long' })
    .where('receiver_id', '=', receiverId)
    .where('state', '=', 'waiting')
    .where('created_ms', '<=', givenUpBefore(nowMs))
    .execute();
}

/** When the delivery after a finished one is due. */
async function planFollowing(
  db: Database,
  receiverId: string,
  failingSinceMs: number | undefined,
  nowMs: number,
): Promise<number | undefined> {
  const following = await findFirstWaiting(db, receiverId);
  if (following === undefined) return undefined;
  if (failingSinceMs === undefined) return nowMs;
  return planNextAttempt({ createdMs: following.createdMs, failingSinceMs }, nowMs) ?? nowMs;
}

/** It was sent, waits, or was refused: an event that did not match has no failure. */
function isForReceiver(eb: ExpressionBuilder<Tables, 'delivery'>) {
  return eb.or([eb('state', '!=', 'untriggered'), eb('failure', 'is not', null)]);
}

function filtered(db: Database, filter: DeliveryFilter) {
  let query = db.selectFrom('delivery').where('receiver_id', 'in', [...filter.receiverIds]);
  if (!filter.withUntriggered) query = query.where(isForReceiver);
  if (filter.eventType !== undefined) query = query.where('event_type', '=', filter.eventType);
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.repoName !== undefined) query = query.where('repo_name', '=', filter.repoName);
  return query;
}

function fromRow(row: Selectable<DeliveryTable>): Delivery {
  return {
    sequence: row.sequence,
    deliveryId: row.delivery_id,
    receiverId: row.receiver_id,
    eventType: row.event_type,
    namespaceName: row.namespace_name,
    repoName: row.repo_name,
    tag: row.tag,
    body: row.body,
    contentType: row.content_type,
    state: row.state as DeliveryState,
    attempts: row.attempts,
    createdMs: row.created_ms,
    triedMs: row.tried_ms ?? undefined,
    status: row.status ?? undefined,
    reply: row.reply ?? undefined,
    failure: row.failure ?? undefined,
  };
}
