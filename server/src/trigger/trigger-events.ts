import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { insertDelivery } from '#delivery/delivery-store.ts';
import type { Event } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import type { Repository } from '#repository/repository.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import { newId } from '#rpc/new-id.ts';
import { isTriggeredBy } from './trigger.ts';
import { listStoredTriggers, removeTriggersOf } from './trigger-store.ts';

type TagSet = Extract<Event, { kind: 'tag_set' }>;

/** Passes every tag that is set to the triggers of its repository, except those that are held: a chain passes them. */
export function triggerEvents(
  means: AuthorRightsMeans,
  isHeld: (trx: Database, event: TagSet) => Promise<boolean>,
): EventConsumer {
  return {
    name: 'triggers',
    async take(trx, event) {
      if (event.kind === 'repository_deleted') await removeTriggersOf(trx, event.body.repoId);
      if (event.kind === 'tag_set' && !(await isHeld(trx, event))) await callTriggers(trx, means, event);
    },
  };
}

/** Passes a tag that was set to the triggers of its repository. A second time for the same event changes nothing. */
export async function callTriggers(trx: Database, means: AuthorRightsMeans, event: TagSet): Promise<void> {
  const { repoId, tag } = event.body;
  // A trigger that was created meanwhile gets only later events.
  const triggers = (await listStoredTriggers(trx, repoId)).filter(({ createdMs }) => createdMs <= event.timeMs);
  if (triggers.length === 0) return;
  const repository = await findRepositoryById(trx, repoId);
  if (repository?.status !== 'NORMAL') return;
  const occasion = {
    eventSequence: event.sequence,
    eventType: 'push',
    tag,
    namespaceName: repository.namespaceName,
    repoName: repository.name,
    body: JSON.stringify(triggerPayload(repository, means.regionId, event)),
  };
  for (const trigger of triggers) {
    // An image that replication copied here was pushed elsewhere.
    const isFor = event.body.origin !== 'sync' && isTriggeredBy(trigger, tag);
    const { triggerId: id, author } = trigger;
    const refusal = isFor ? await authorRefusal(trx, means, author, { id, acts: [] }) : undefined;
    const delivery = { ...occasion, deliveryId: newId('crd'), sent: isFor && refusal === undefined, refusal };
    await insertDelivery(trx, id, delivery, event.timeMs);
  }
}

/** The body that a trigger sends, in the vendor's form; times are in UTC. */
export function triggerPayload(repository: Repository, regionId: string, { body, timeMs }: TagSet): object {
  const { namespaceName, name, type, createdMs } = repository;
  return {
    push_data: { digest: body.digest, pushed_at: dateOf(timeMs), tag: body.tag },
    repository: {
      date_created: dateOf(createdMs),
      name,
      namespace: namespaceName,
      region: regionId,
      repo_authentication_type: 'NO_CERTIFIED',
      repo_full_name: `${namespaceName}/${name}`,
      repo_origin_type: 'NO_CERTIFIED',
      repo_type: type,
    },
  };
}

/** `YYYY-MM-DD hh:mm:ss` */
function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}
