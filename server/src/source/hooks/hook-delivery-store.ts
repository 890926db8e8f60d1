import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { HookDeliveryTable } from '#db/schema/build-schema.ts';
import type { Tables } from '#db/schema/schema.ts';
import { hookDeliveryNotFound } from '../errors.ts';
import type { DeliveryResult, HookDelivery } from './hook-delivery.ts';

/** How many deliveries of a repository are kept. */
export const DELIVERIES_KEPT = 100;
/** How many of them may be refusals, so that they do not push out what was accepted. */
const REFUSALS_KEPT = 20;
/** Of equal refusals, one in this time is stored: a refusal must cost a stranger more than it costs the server. */
const REFUSAL_PAUSE_MS = 60_000;

/** Stores a delivery, and removes the oldest ones beyond the number that is kept. */
export async function noteHookDelivery(db: Database, delivery: HookDelivery): Promise<void> {
  const { repoId, result } = delivery;
  await db
    .insertInto('hook_delivery')
    .values({
      delivery_id: delivery.deliveryId,
      repo_id: repoId,
      received_ms: delivery.receivedMs,
      result,
      event: delivery.event === undefined ? null : JSON.stringify(delivery.event),
      builds: JSON.stringify(delivery.builds),
      notes: JSON.stringify(delivery.notes),
      redelivered_by: delivery.redeliveredBy ?? null,
    })
    .execute();
  if (result === 'refused') await removeOldest(db, repoId, REFUSALS_KEPT, 'refused');
  await removeOldest(db, repoId, DELIVERIES_KEPT);
}

/** Stores a refusal, unless the repository had the same one a moment ago. */
export async function noteHookRefusal(
  db: Database,
  refusal: Pick<HookDelivery, 'deliveryId' | 'repoId' | 'receivedMs'>,
  reason: string,
): Promise<void> {
  const notes = JSON.stringify([reason]);
  const same = await db
    .selectFrom('hook_delivery')
    .select('delivery_id')
    .where('repo_id', '=', refusal.repoId)
    .where('received_ms', '>', refusal.receivedMs - REFUSAL_PAUSE_MS)
    .where('result', '=', 'refused')
    .where('notes', '=', notes)
    .executeTakeFirst();
  if (same !== undefined) return;
  const nothing = { event: undefined, builds: [], redeliveredBy: undefined };
  await noteHookDelivery(db, { ...refusal, ...nothing, result: 'refused', notes: [reason] });
}

/** The last deliveries of a repository, newest first. */
export async function listHookDeliveries(db: Database, repoId: string): Promise<HookDelivery[]> {
  const rows = await db
    .selectFrom('hook_delivery')
    .selectAll()
    .where('repo_id', '=', repoId)
    .orderBy('received_ms', 'desc')
    .orderBy('delivery_id')
    .limit(DELIVERIES_KEPT)
    .execute();
  return rows.map(fromRow);
}

/** A delivery of a repository. Throws HOOK_DELIVERY_NOT_EXIST, also for one of another repository. */
export async function getHookDelivery(db: Database, repoId: string, deliveryId: string): Promise<HookDelivery> {
  const row = await db
    .selectFrom('hook_delivery')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirst();
  if (!row) throw hookDeliveryNotFound();
  return fromRow(row);
}

async function removeOldest(db: Database, repoId: string, kept: number, result?: DeliveryResult): Promise<void> {
  let beyond = db.selectFrom('hook_delivery').select(['received_ms', 'delivery_id']).where('repo_id', '=', repoId);
  if (result !== undefined) beyond = beyond.where('result', '=', result);
  const last = await beyond
    .orderBy('received_ms', 'desc')
    .orderBy('delivery_id')
    .limit(1)
    .offset(kept)
    .executeTakeFirst();
  if (!last) return;
  let removed = db.deleteFrom('hook_delivery').where('repo_id', '=', repoId);
  if (result !== undefined) removed = removed.where('result', '=', result);
  // Several may have come in one millisecond, of which the list shows those with lower ids first.
  const { received_ms: ms, delivery_id: id } = last;
  const isBeyond = (each: ExpressionBuilder<Tables, 'hook_delivery'>) =>
    each.or([each('received_ms', '<', ms), each.and([each('received_ms', '=', ms), each('delivery_id', '>=', id)])]);
  await removed.where(isBeyond).execute();
}

function fromRow(row: Selectable<HookDeliveryTable>): HookDelivery {
  return {
    deliveryId: row.delivery_id,
    repoId: row.repo_id,
    receivedMs: row.received_ms,
    result: row.result as DeliveryResult,
    event: row.event === null ? undefined : (JSON.parse(row.event) as HookDelivery['event']),
    builds: JSON.parse(row.builds) as HookDelivery['builds'],
    notes: JSON.parse(row.notes) as string[],
    redeliveredBy: row.redelivered_by ?? undefined,
  };
}
