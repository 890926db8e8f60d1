import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Event } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { lastEventSequence } from '#event/event-store.ts';
import { subjectOfTag } from '#image/image.ts';
import { listTagsAround } from '#image/referrer-store.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { repositoryPath } from './sync.ts';
import { coversRepository, coversTag, goesBack, targetOf } from './sync-rule.ts';
import { listRulesFor, removeSyncRulesOf } from './sync-rule-store.ts';
import { insertSyncTask } from './sync-task-store.ts';

type TagSet = Extract<Event, { kind: 'tag_set' }>;
type ReferrerEvent = TagSet | Extract<Event, { kind: 'referrer_pushed' }>;
/** At most 20 tags of an image are copied again for what is said of it. */
const TAGS_LIMIT = 20;

type SyncMeans = Pick<Means, 'newId' | 'regionId' | 'now'>;

/** What chains hold back. */
export interface Holding {
  /** A chain decides what happens to the tag. */
  isHeld(trx: Database, event: TagSet): Promise<boolean>;
  /** A chain has let the image of a tag out. */
  isLetOut(trx: Database, image: { repoId: string; tag: string; digest: string }): Promise<boolean>;
}

/** Makes a task of each PASSIVE rule for every tag that is set, except those that are held: a chain copies them. */
export function syncEvents(means: SyncMeans, { isHeld, isLetOut }: Holding): EventConsumer {
  /** Has what is said of an image later follow it: its tags are copied again, which sends nothing but that. */
  const follow = async (trx: Database, subject: string, { body, sequence, timeMs }: ReferrerEvent) => {
    const { repoId, syncPath } = body;
    for (const { name: tag, digest } of await listTagsAround(trx, repoId, subject, TAGS_LIMIT)) {
      const path = syncPath === undefined ? {} : { syncPath };
      const known = { repoId, tag, digest: subject, mediaType: '', origin: 'push', pushedBy: '', ...path };
      const asSet: TagSet = { kind: 'tag_set', sequence, timeMs, body: known };
      const asNext = { ...asSet, sequence: (await lastEventSequence(trx)) + 1 };
      const held = (await isHeld(trx, asSet)) || (await isHeld(trx, asNext));
      // A chain has the image copied with what is said of it until then. Later it follows the image that was let out, and no other.
      if (held && !(await isLetOut(trx, { repoId, tag, digest }))) continue;
      await replicate(trx, means, asSet, held ? { digest, referrersOnly: true } : {});
    }
  };
  return {
    name: 'sync',
    async take(trx, event) {
      if (event.kind === 'repository_deleted') await removeSyncRulesOf(trx, event.body, event.timeMs);
      if (event.kind === 'referrer_pushed') await follow(trx, event.body.subject, event);
      if (event.kind !== 'tag_set') return;
      const subject = subjectOfTag(event.body.tag);
      if (subject !== undefined) await follow(trx, subject, event);
      if (await isHeld(trx, event)) return;
      // A chain that was created since then holds the images that the tag is set to next.
      const next = { ...event, sequence: (await lastEventSequence(trx)) + 1 };
      const chosen = (await isHeld(trx, next)) ? { digest: event.body.digest } : {};
      await replicate(trx, means, event, chosen);
    },
  };
}

/**
 * Makes a task of each PASSIVE rule for a tag that was set, and returns how many. They copy the image that the tag
 * points to when they run; with a digest, only that image; with `referrersOnly`, only what is said of it.
 */
export async function replicate(
  trx: Database,
  { newId, regionId, now }: SyncMeans,
  { body, timeMs }: Pick<TagSet, 'body' | 'timeMs'>,
  {
    batchId = randomUUID(),
    digest,
    referrersOnly = false,
  }: { batchId?: string; digest?: string; referrersOnly?: boolean } = {},
): Promise<number> {
  const repository = await findRepositoryById(trx, body.repoId);
  if (repository?.status !== 'NORMAL') return 0;
  const { instanceId, namespaceName, name: repoName } = repository;
  const from = { instanceId, regionId, namespaceName, repoName, tag: body.tag };
  const path = [...(body.syncPath ?? []), repositoryPath(from)];
  let count = 0;
  for (const rule of await listRulesFor(trx, repository, 'PASSIVE')) {
    // A rule that was created meanwhile applies only to later events.
    if (rule.createdMs > timeMs || !coversRepository(rule, repository) || !coversTag(rule, body.tag)) continue;
    const to = targetOf(rule, from);
    if (goesBack(path, to)) continue;
    const task = {
      taskId: newId('rst'),
      batchId,
      ruleId: rule.ruleId,
      trigger: 'PASSIVE' as const,
      repoId: body.repoId,
      from,
      to,
      crossUser: rule.crossUser,
      // If a tag moves here, it moves there too.
      overrides: true,
      priority: rule.priority,
      path,
      askedBy: rule.ruleId,
      author: rule.author,
      digest,
      referrersOnly,
    };
    await insertSyncTask(trx, task, regionId, now());
    count += 1;
  }
  return count;
}
