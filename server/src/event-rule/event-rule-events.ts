import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { insertDelivery } from '#delivery/delivery-store.ts';
import type { Event } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { listTagsOf } from '#image/tag-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { readBuildTypes } from '#repository/build-type-store.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { newId } from '#rpc/new-id.ts';
import { contentTypeOf, eventMessage } from './event-message.ts';
import { coversRepository, type Occurrence } from './event-rule.ts';
import { listEventRules } from './event-rule-store.ts';

/** What composing messages needs. */
type EventRuleMeans = AuthorRightsMeans & { publicUrl: string };

/** Passes events to the rules that match them. */
export function eventRuleEvents(means: EventRuleMeans): EventConsumer {
  return { name: 'event-rules', take: (trx, event) => take(trx, means, event) };
}

async function take(trx: Database, means: EventRuleMeans, event: Event): Promise<void> {
  const occurrence = await occurrenceOf(trx, event);
  if (occurrence === undefined) return;
  const repository = await findRepositoryById(trx, occurrence.repoId);
  if (repository?.status !== 'NORMAL') return;
  const { namespaceName, name: repoName, instanceId } = repository;
  const rules = (await listEventRules(trx, instanceId)).filter(
    (rule) =>
      rule.eventType === occurrence.eventType &&
      // A rule that was created meanwhile applies only to later events.
      rule.createdMs <= event.timeMs &&
      coversRepository(rule, { namespaceName, repoName }) &&
      (readNamePattern('RepoTagFilterPattern', rule.tagPattern)?.matches(occurrence.tag) ?? true),
  );
  if (rules.length === 0) return;
  const { name: instanceName } = await getInstance(trx, instanceId);
  const what = { occurrence, repository, origin: { ...means, instanceName } };
  for (const rule of rules) {
    const deliveryId = newId('crecrr');
    const body = eventMessage(rule, deliveryId, what);
    const place = { namespaceName, repoName, tag: occurrence.tag };
    const occasion = { ...place, eventSequence: event.sequence, eventType: rule.eventType };
    const contentType = contentTypeOf(rule.method);
    const refusal = await authorRefusal(trx, means, rule.author, { id: rule.ruleId, acts: [] });
    const delivery = { ...occasion, deliveryId, body, contentType, sent: refusal === undefined, refusal };
    await insertDelivery(trx, rule.ruleId, delivery, event.timeMs);
  }
}

/** The occurrence that an event is for event rules, or undefined. */
async function occurrenceOf(trx: Database, event: Event): Promise<(Occurrence & { repoId: string }) | undefined> {
  const { timeMs } = event;
  switch (event.kind) {
    case 'tag_set': {
      const { repoId, tag, digest } = event.body;
      return { eventType: 'cr:Artifact:PushCompleted', repoId, timeMs, tag, data: { Digest: digest } };
    }
    case 'build_finished': {
      const { repoId, imageTag: tag, buildRecordId, status, reason: Reason } = event.body;
      const data = {
        RepoBuildType: (await readBuildTypes(trx, [repoId]))(repoId),
        BuildRecordId: buildRecordId,
        BuildStatus: status,
        ImageUpdate: new Date(timeMs).toISOString().slice(0, 19).replace('T', ' '),
        ...(Reason === undefined ? {} : { Reason }),
      };
      return { eventType: 'cr:Artifact:BuildCompleted', repoId, timeMs, tag, data };
    }
    case 'scan_finished': {
      const { repoId, digest, scanId, scanType, status } = event.body;
      const [tag = ''] = await listTagsOf(trx, repoId, digest);
      const data = { ScanTaskId: scanId, ScanType: scanType, ScanStatus: status, Digest: digest };
      return { eventType: 'cr:Artifact:ScanCompleted', repoId, timeMs, tag, data };
    }
    case 'sync_finished': {
      const { repoId, tag, taskId, status, reason } = event.body;
      const data = { SyncTaskId: taskId, SyncStatus: status, ...(reason === undefined ? {} : { Reason: reason }) };
      return { eventType: 'cr:Artifact:SynchronizationCompleted', repoId, timeMs, tag, data };
    }
    case 'chain_finished': {
      const { repoId, tag, digest, chainId, chainName, chainInstanceId, result, reason = '' } = event.body;
      const chain = { ChainId: chainId, ChainName: chainName, ChainInstanceId: chainInstanceId };
      const data = { ...chain, ChainResult: result, Reason: reason, Digest: digest };
      return { eventType: 'cr:Artifact:DeliveryChainCompleted', repoId, timeMs, tag, data };
    }
    default:
      return undefined;
  }
}
