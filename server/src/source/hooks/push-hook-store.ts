import type { Database } from '#db/database.ts';
import { pushHookNotFound } from '../errors.ts';
import type { CodeHostMeans } from '../hosts/code-host-store.ts';
import type { PushHook } from './push-hook.ts';
import { type OrderedPush, orderPush, type PushOrder } from './push-order.ts';

/** The number of branches, tags and pull requests of a hook whose push order is kept. */
const ORDERS_KEPT = 2000;
const DELIVERY_MEMORY_MS = 7 * 24 * 3600_000;

/** Sets the hook of a repository, replacing the previous one. */
export async function savePushHook({ db, secrets }: CodeHostMeans, hook: PushHook): Promise<void> {
  const changed = {
    hook_id: hook.hookId,
    sealed_secret: secrets.seal(recordId(hook.hookId), hook.secret),
    created_ms: hook.createdMs,
  };
  await db
    .insertInto('push_hook')
    .values({ repo_id: hook.repoId, instance_id: hook.instanceId, ...changed })
    .onConflict((conflict) => conflict.column('repo_id').doUpdateSet(changed))
    .execute();
  await db
    .deleteFrom('push_order')
    .where('hook_id', 'not in', (eb) => eb.selectFrom('push_hook').select('hook_id'))
    .execute();
}

/** The hook with that id. Throws HOOK_NOT_EXIST. */
export async function getPushHook({ db, secrets }: CodeHostMeans, hookId: string): Promise<PushHook> {
  const row = await db.selectFrom('push_hook').selectAll().where('hook_id', '=', hookId).executeTakeFirst();
  if (!row) throw pushHookNotFound();
  return {
    repoId: row.repo_id,
    instanceId: row.instance_id,
    hookId: row.hook_id,
    secret: secrets.open(recordId(row.hook_id), row.sealed_secret),
    createdMs: row.created_ms,
  };
}

/** The hook of a repository without its secret, or undefined. */
export async function findPushHookOf(db: Database, repoId: string): Promise<Omit<PushHook, 'secret'> | undefined> {
  const row = await db.selectFrom('push_hook').selectAll().where('repo_id', '=', repoId).executeTakeFirst();
  return row && { repoId, instanceId: row.instance_id, hookId: row.hook_id, createdMs: row.created_ms };
}

/** Removes the hook of a repository, if it has one: its address stops working. */
export async function removePushHook(db: Database, repoId: string): Promise<void> {
  const hooks = db.selectFrom('push_hook').select('hook_id').where('repo_id', '=', repoId);
  await db.deleteFrom('push_delivery').where('hook_id', 'in', hooks).execute();
  await db.deleteFrom('push_order').where('hook_id', 'in', hooks).execute();
  await db.deleteFrom('hook_delivery').where('repo_id', '=', repoId).execute();
  await db.deleteFrom('push_hook').where('repo_id', '=', repoId).execute();
}

/** Those of the given delivery names that the hook has already accepted. */
export async function listTakenDeliveries(
  db: Database,
  hookId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('push_delivery')
    .select('delivery_id')
    .where('hook_id', '=', hookId)
    .where('delivery_id', 'in', [...names])
    .execute();
  return new Set(rows.map((row) => row.delivery_id));
}

/** Records a delivery under each of these names. */
export async function noteDelivery(
  db: Database,
  hookId: string,
  names: readonly string[],
  receivedMs: number,
): Promise<void> {
  const rows = names.map((name) => ({ hook_id: hookId, delivery_id: name, received_ms: receivedMs }));
  await db
    .insertInto('push_delivery')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Removes deliveries that a code host no longer sends again. */
export async function forgetOldDeliveries(db: Database, nowMs: number): Promise<void> {
  await db
    .deleteFrom('push_delivery')
    .where('received_ms', '<', nowMs - DELIVERY_MEMORY_MS)
    .execute();
}

/** When a delivery that has come now, under any of these names, came for the first time. */
export async function firstReceivedMs(
  db: Database,
  hookId: string,
  names: readonly string[],
  nowMs: number,
): Promise<number> {
  await forgetOldDeliveries(db, nowMs);
  const arrivals = names.map((name) => `${name} came`);
  await noteDelivery(db, hookId, arrivals, nowMs);
  const { first } = await db
    .selectFrom('push_delivery')
    .select((eb) => eb.fn.min('received_ms').as('first'))
    .where('hook_id', '=', hookId)
    .where('delivery_id', 'in', arrivals)
    .executeTakeFirstOrThrow();
  return first;
}

/** Adds a push to the order of pushes to its branch, tag or pull request. Returns whether it is late. */
export async function takePushOrder(
  db: Database,
  hookId: string,
  push: OrderedPush & { ref: string },
  receivedMs: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('push_order')
    .select('known')
    .where('hook_id', '=', hookId)
    .where('ref', '=', push.ref)
    .executeTakeFirst();
  const { isLate, order } = orderPush(row && (JSON.parse(row.known) as PushOrder), push);
  const changed = { known: JSON.stringify(order), received_ms: receivedMs };
  await db
    .insertInto('push_order')
    .values({ hook_id: hookId, ref: push.ref, ...changed })
    .onConflict((conflict) => conflict.columns(['hook_id', 'ref']).doUpdateSet(changed))
    .execute();
  if (!row) await forgetOldestOrders(db, hookId);
  return isLate;
}

/** Anyone who can push, or open pull requests, can create any number of names, so the oldest are removed. */
async function forgetOldestOrders(db: Database, hookId: string): Promise<void> {
  const oldest = await db
    .selectFrom('push_order')
    .select('received_ms')
    .where('hook_id', '=', hookId)
    .orderBy('received_ms', 'desc')
    .limit(1)
    .offset(ORDERS_KEPT)
    .executeTakeFirst();
  if (!oldest) return;
  const { received_ms: lastMs } = oldest;
  await db.deleteFrom('push_order').where('hook_id', '=', hookId).where('received_ms', '<=', lastMs).execute();
}

function recordId(hookId: string): string {
  return `push-hook/${hookId}`;
}
