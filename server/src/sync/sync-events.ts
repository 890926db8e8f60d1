import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Event } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { repositoryPath } from './sync.ts';
import { coversRepository, coversTag, goesBack, targetOf } from './sync-rule.ts';
import { listRulesFor, removeSyncRulesOf } from './sync-rule-store.ts';
import { insertSyncTask } from './sync-task-store.ts';

/** Makes a task of each PASSIVE rule for every tag that is set. */
export function syncEvents(means: Pick<Means, 'newId' | 'regionId' | 'now'>): EventConsumer {
  return {
    name: 'sync',
    async take(trx, event) {
      if (event.kind === 'repository_deleted') await removeSyncRulesOf(trx, event.body, event.timeMs);
      if (event.kind === 'tag_set') await takeTagSet(trx, means, event);
    },
  };
}

async function takeTagSet(
  trx: Database,
  { newId, regionId, now }: Pick<Means, 'newId' | 'regionId' | 'now'>,
  { body, timeMs }: Extract<Event, { kind: 'tag_set' }>,
): Promise<void> {
  const repository = await findRepositoryById(trx, body.repoId);
  if (repository?.status !== 'NORMAL') return;
  const { instanceId, namespaceName, name: repoName } = repository;
  const from = { instanceId, regionId, namespaceName, repoName, tag: body.tag };
  const path = [...(body.syncPath ?? []), repositoryPath(from)];
  const batchId = randomUUID();
  for (const rule of await listRulesFor(trx, repository, 'PASSIVE')) {
    // One that was made meanwhile is for what happens from then on.
    if (rule.createdMs > timeMs || !coversRepository(rule, repository) || !coversTag(rule, body.tag)) continue;
    const to = targetOf(rule, from);
    if (goesBack(path, to)) continue;
    const task = {
      ...{ taskId: newId('rst'), batchId, ruleId: rule.ruleId, trigger: 'PASSIVE' as const },
      ...{ repoId: body.repoId, from, to, crossUser: rule.crossUser },
      // A tag that moves here moves there.
      ...{ overrides: true, priority: rule.priority, path, askedBy: rule.ruleId },
    };
    await insertSyncTask(trx, task, regionId, now());
  }
}
