import type { Means } from '#rpc/context.ts';
import type { PushEvent } from '#source/push-event.ts';
import type { PushHook } from '#source/push-hook.ts';
import { removeDeliveriesBefore, takeDelivery } from '#source/push-hook-store.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { dockerfilePath } from './build.ts';
import { cancelSuperseded, isCommitQueued } from './build-cancel.ts';
import { HOST_PLATFORM } from './build-rule.ts';
import { listRulesOfPush } from './build-rule-store.ts';
import { insertBuildRecord } from './build-store.ts';
import { matchPush } from './push-pattern.ts';

/** What a push led to. */
export interface PushResult {
  builds: { buildRecordId: string; buildRuleId: string; imageTag: string }[];
  /** Why there is nothing, or less than there might be. */
  notes: string[];
}

const DELIVERY_MEMORY_MS = 7 * 24 * 3600_000;

/**
 * Queues a build for every rule that a push matches: once for each delivery, and the delivery is remembered if and only if
 * its builds are queued.
 */
export async function buildPush(
  means: Means,
  hook: PushHook,
  event: PushEvent,
  deliveryNames: readonly string[],
  options: { supersede: boolean },
): Promise<PushResult> {
  const result = await means.db.transaction().execute(async (db): Promise<PushResult> => {
    const nowMs = means.now();
    await removeDeliveriesBefore(db, nowMs - DELIVERY_MEMORY_MS);
    if (!(await takeDelivery(db, hook.hookId, deliveryNames, nowMs))) return nothing('this delivery was taken before');
    return queueMatching({ ...means, db }, hook, event, options);
  });
  if (result.builds.length > 0) means.buildQueued();
  return result;
}

async function queueMatching(
  means: Means,
  hook: PushHook,
  event: PushEvent,
  options: { supersede: boolean },
): Promise<PushResult> {
  const { db } = means;
  const binding = await findSourceBinding(db, hook.repoId);
  if (!binding) return nothing('the repository has no source');
  if (!binding.autoBuild) return nothing('AutoBuild is off for this repository');
  const codeRepository = `${binding.codeRepoNamespaceName}/${binding.codeRepoName}`;
  if (event.codeRepository !== undefined && event.codeRepository.toLowerCase() !== codeRepository.toLowerCase())
    return nothing(`the push is of another repository than ${codeRepository}`);
  const result: PushResult = { builds: [], notes: [] };
  for (const rule of await listRulesOfPush(db, hook.repoId, event.pushType)) {
    const match = matchPush(rule, event.name);
    if (match === undefined) continue;
    if ('invalidTag' in match) {
      result.notes.push(`rule ${rule.buildRuleId} gives ${JSON.stringify(match.invalidTag)}, which is not a tag`);
      continue;
    }
    const { imageTag } = match;
    const key = { buildRuleId: rule.buildRuleId, imageTag, commitId: event.commitId };
    if (await isCommitQueued(db, key)) {
      result.notes.push(`rule ${rule.buildRuleId} has a build of this commit under way`);
      continue;
    }
    const buildRecordId = means.newBuildRecordId();
    await insertBuildRecord(db, {
      buildRecordId,
      instanceId: hook.instanceId,
      repoId: hook.repoId,
      imageTag,
      source: {
        kind: 'code-host',
        type: binding.codeRepoType,
        namespaceName: binding.codeRepoNamespaceName,
        name: binding.codeRepoName,
        ref: `${event.pushType === 'GIT_TAG' ? 'refs/tags' : 'refs/heads'}/${event.name}`,
        commitId: event.commitId,
      },
      dockerfile: dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) ?? 'Dockerfile',
      buildArgs: rule.buildArgs,
      platform: rule.platforms[0] ?? HOST_PLATFORM,
      useCache: !binding.disableCacheBuild,
      createdMs: means.now(),
      buildRuleId: rule.buildRuleId,
    });
    if (options.supersede) await cancelSuperseded(db, { ...key, buildRecordId });
    result.builds.push({ buildRecordId, buildRuleId: rule.buildRuleId, imageTag });
  }
  if (result.builds.length === 0 && result.notes.length === 0) return nothing(`no rule matches ${event.name}`);
  return result;
}

function nothing(note: string): PushResult {
  return { builds: [], notes: [note] };
}
