import type { CodeHostMeans } from './code-host-store.ts';
import { pushHookNotFound } from './errors.ts';
import type { PushHook } from './push-hook.ts';

/** Sets the hook of a repository; the one before is gone. */
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
}

/** The hook of that id. Throws HOOK_NOT_EXIST. */
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

/** Notes a delivery under each of its names. False, and nothing noted, if one of them was there already. */
export async function takeDelivery(
  db: CodeHostMeans['db'],
  hookId: string,
  names: readonly string[],
  receivedMs: number,
): Promise<boolean> {
  const known = await db
    .selectFrom('push_delivery')
    .select('delivery_id')
    .where('hook_id', '=', hookId)
    .where('delivery_id', 'in', [...names])
    .executeTakeFirst();
  if (known) return false;
  const rows = names.map((name) => ({ hook_id: hookId, delivery_id: name, received_ms: receivedMs }));
  await db.insertInto('push_delivery').values(rows).execute();
  return true;
}

/** Forgets deliveries from before a time. */
export async function removeDeliveriesBefore(db: CodeHostMeans['db'], beforeMs: number): Promise<void> {
  await db.deleteFrom('push_delivery').where('received_ms', '<', beforeMs).execute();
}

function recordId(hookId: string): string {
  return `push-hook/${hookId}`;
}
