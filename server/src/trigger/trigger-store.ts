import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import type { RepoTriggerTable } from '#db/schema/delivery-schema.ts';
import { transaction } from '#db/transaction.ts';
import {
  insertReceiver,
  listReceiverStates,
  moveReceiver,
  type ReceiverMeans,
  removeReceivers,
} from '#delivery/receiver-store.ts';
import { tooManyTriggers, triggerExists, triggerNotFound } from './errors.ts';
import { TRIGGERS_LIMIT, type Trigger, type TriggerType } from './trigger.ts';

/** A trigger without its address, for matching. */
export type StoredTrigger = Omit<Trigger, 'url'>;

/** Inserts a trigger with its receiver. Throws TRIGGER_ALREADY_EXIST and TRIGGER_LIMIT_EXCEEDED. */
export async function insertTrigger({ db, secrets }: ReceiverMeans, trigger: Trigger, secret: string): Promise<void> {
  const { triggerId, repoId, name, type, tag, url, createdMs, modifiedMs, author } = trigger;
  await transaction(db, async (trx) => {
    const others = await listStoredTriggers(trx, repoId);
    if (others.some((other) => other.name === name)) throw triggerExists(name);
    if (others.length >= TRIGGERS_LIMIT) throw tooManyTriggers(TRIGGERS_LIMIT);
    await insertReceiver({ db: trx, secrets }, { receiverId: triggerId, url, secret });
    await trx
      .insertInto('repo_trigger')
      .values({
        trigger_id: triggerId,
        repo_id: repoId,
        name,
        type,
        tag,
        created_ms: createdMs,
        modified_ms: modifiedMs,
        author: authorText(author),
      })
      .execute();
  });
}

/** Changes a trigger: the result of `change` replaces it. Throws TRIGGER_NOT_EXIST and TRIGGER_ALREADY_EXIST. */
export async function changeTrigger(
  { db, secrets }: ReceiverMeans,
  key: { repoId: string; triggerId: string },
  change: (trigger: Trigger) => Trigger,
): Promise<void> {
  await transaction(db, async (trx) => {
    const means = { db: trx, secrets };
    const triggers = await listTriggers(means, key.repoId);
    const trigger = triggers.find(({ triggerId }) => triggerId === key.triggerId);
    if (trigger === undefined) throw triggerNotFound();
    const { name, type, tag, url, modifiedMs, author } = change(trigger);
    if (triggers.some((other) => other !== trigger && other.name === name)) throw triggerExists(name);
    await trx
      .updateTable('repo_trigger')
      .set({ name, type, tag, modified_ms: modifiedMs, author: authorText(author) })
      .where('trigger_id', '=', key.triggerId)
      .execute();
    if (url !== trigger.url) await moveReceiver(means, key.triggerId, url, modifiedMs);
  });
}

/** The triggers of a repository, in the order of their creation. */
export async function listTriggers(means: ReceiverMeans, repoId: string): Promise<Trigger[]> {
  const stored = await listStoredTriggers(means.db, repoId);
  const states = await listReceiverStates(
    means,
    stored.map(({ triggerId }) => triggerId),
  );
  return stored.map((trigger) => ({ ...trigger, url: states.get(trigger.triggerId)?.url ?? '' }));
}

/** The same without addresses. */
export async function listStoredTriggers(db: Database, repoId: string): Promise<StoredTrigger[]> {
  const rows = await db
    .selectFrom('repo_trigger')
    .selectAll()
    .where('repo_id', '=', repoId)
    .orderBy('created_ms')
    .orderBy('trigger_id')
    .execute();
  return rows.map(fromRow);
}

/** A trigger of a repository. Throws TRIGGER_NOT_EXIST, also for one of another repository. */
export async function getStoredTrigger(db: Database, repoId: string, triggerId: string): Promise<StoredTrigger> {
  const found = (await listStoredTriggers(db, repoId)).find((trigger) => trigger.triggerId === triggerId);
  if (found === undefined) throw triggerNotFound();
  return found;
}

/** Removes a trigger with its past and waiting deliveries. Throws TRIGGER_NOT_EXIST. */
export async function removeTrigger(db: Database, repoId: string, triggerId: string): Promise<void> {
  await transaction(db, async (trx) => {
    await getStoredTrigger(trx, repoId, triggerId);
    await remove(trx, [triggerId]);
  });
}

/** Removes all triggers of a repository, in the caller's transaction. */
export async function removeTriggersOf(db: Database, repoId: string): Promise<void> {
  const triggers = await listStoredTriggers(db, repoId);
  await remove(
    db,
    triggers.map(({ triggerId }) => triggerId),
  );
}

async function remove(db: Database, triggerIds: readonly string[]): Promise<void> {
  if (triggerIds.length === 0) return;
  await db
    .deleteFrom('repo_trigger')
    .where('trigger_id', 'in', [...triggerIds])
    .execute();
  await removeReceivers(db, triggerIds);
}

function fromRow(row: Selectable<RepoTriggerTable>): StoredTrigger {
  return {
    triggerId: row.trigger_id,
    repoId: row.repo_id,
    name: row.name,
    type: row.type as TriggerType,
    tag: row.tag,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    author: parseAuthor(row.author),
  };
}
