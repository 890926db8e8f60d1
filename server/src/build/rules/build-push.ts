import type { Means } from '#rpc/context.ts';
import type { PushEvent } from '#source/push-event.ts';
import type { PushHook } from '#source/push-hook.ts';
import { listTakenDeliveries, noteDelivery, removeDeliveriesBefore, takePushOrder } from '#source/push-hook-store.ts';
import type { SourceBinding } from '#source/source.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { dockerfilePath } from '../build.ts';
import { insertBuildRecord } from '../build-store.ts';
import { NO_BUILDS } from '../errors.ts';
import { cancelSuperseded, isCommitQueued } from '../queue/cancel-store.ts';
import { requestersByRule } from '../request/build-requesters.ts';
import type { BuildRule } from './build-rule.ts';
import { listRulesOfPush } from './build-rule-store.ts';
import { matchRules, type PushMatch, type PushMatches } from './match-rules.ts';

/** The result of a push. */
export interface PushResult {
  builds: { buildRecordId: string; buildRuleId: string; imageTag: string }[];
  /** Why there are no builds, or fewer than expected. */
  notes: string[];
}

const DELIVERY_MEMORY_MS = 7 * 24 * 3600_000;

/**
 * Queues a build for every rule that a push matches, once per delivery and rule. The delivery is recorded if and only if the
 * build is queued. A push reported after a newer one to its branch or tag is not built, because its image would replace the
 * newer one.
 */
export async function buildPush(
  means: Means,
  hook: PushHook,
  event: PushEvent,
  deliveryNames: readonly string[],
  options: { supersede: boolean },
): Promise<PushResult> {
  if (!means.takesBuilds) return nothing(NO_BUILDS);
  // Do this before taking locks: it may take a while.
  const rules = await listRulesOfPush(means.db, hook.repoId, event.pushType);
  const matches = await matchRules(rules, event.name);
  if (typeof matches === 'string') return nothing(matches);
  const result = await means.db.transaction().execute(async (db): Promise<PushResult> => {
    await removeDeliveriesBefore(db, means.now() - DELIVERY_MEMORY_MS);
    return takePush({ ...means, db }, { hook, event, deliveryNames, matches, ...options });
  });
  if (result.builds.length > 0) means.buildQueued();
  return result;
}

/** A delivered push. */
interface Delivery {
  hook: PushHook;
  event: PushEvent;
  deliveryNames: readonly string[];
  matches: PushMatches;
  supersede: boolean;
}

async function takePush(means: Means, delivery: Delivery): Promise<PushResult> {
  const { db } = means;
  const { hook, event, deliveryNames } = delivery;
  const binding = await findSourceBinding(db, hook.repoId);
  if (!binding) return nothing('the repository has no source');
  const codeRepository = `${binding.codeRepoNamespaceName}/${binding.codeRepoName}`;
  if (event.codeRepository !== undefined && event.codeRepository.toLowerCase() !== codeRepository.toLowerCase())
    return nothing(`the push is for another repository than ${codeRepository}`);
  const rules = await listRulesOfPush(db, hook.repoId, event.pushType);
  const matches = rules.flatMap((rule) => {
    const match = delivery.matches(rule);
    return match === undefined ? [] : [{ rule, match }];
  });
  const nameOf = (rule: BuildRule) => deliveryNames.map((name) => `${name} for ${rule.buildRuleId}`);
  const names = matches.flatMap(({ rule }) => nameOf(rule));
  const taken = names.length === 0 ? undefined : await listTakenDeliveries(db, hook.hookId, names);
  const left = matches.filter(({ rule }) => !nameOf(rule).some((name) => taken?.has(name)));
  if (matches.length > 0 && left.length === 0) return nothing('this delivery was already processed');
  // Record the order of every push, so that pushes that are built later are ordered correctly.
  const ref = refOf(event);
  const isLate = await takePushOrder(db, hook.hookId, { ...event, ref }, means.now());
  if (event.commitId === undefined) return nothing(`${JSON.stringify(event.name)} was deleted`);
  if (!binding.autoBuild) return nothing('AutoBuild is off for this repository');
  if (matches.length === 0) return nothing(`no rule matches ${event.name}`);
  if (isLate) return nothing(`this push of ${event.name} came after a newer one, which it would undo`);
  const result: PushResult = { builds: [], notes: [] };
  for (const { rule, match } of left) {
    const isQueued = await queueRule(means, delivery, { binding, rule, match, commitId: event.commitId }, result);
    if (isQueued) await noteDelivery(db, hook.hookId, nameOf(rule), means.now());
  }
  return result;
}

function refOf({ pushType, name }: PushEvent): string {
  return `${pushType === 'GIT_TAG' ? 'refs/tags' : 'refs/heads'}/${name}`;
}

/** Queues the build of one rule and reports it. Returns false if there will be none. */
async function queueRule(
  means: Means,
  { hook, event, supersede }: Delivery,
  what: { binding: SourceBinding; rule: BuildRule; match: PushMatch; commitId: string },
  result: PushResult,
): Promise<boolean> {
  const { db } = means;
  const { binding, rule, match, commitId } = what;
  const { buildRuleId } = rule;
  if ('invalidTag' in match) {
    result.notes.push(`rule ${buildRuleId} gives ${JSON.stringify(match.invalidTag)}, which is not a tag`);
    return false;
  }
  const { imageTag } = match;
  const key = { buildRuleId, imageTag, commitId };
  if (await isCommitQueued(db, key)) {
    result.notes.push(`rule ${buildRuleId} already has a build of this commit in progress`);
    return true;
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
      ref: refOf(event),
      commitId,
    },
    dockerfile: dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) ?? 'Dockerfile',
    buildArgs: rule.buildArgs,
    options: { platforms: [...rule.platforms] },
    useCache: !binding.disableCacheBuild,
    createdMs: means.now(),
    buildRuleId,
    requesters: requestersByRule(undefined, rule, binding),
  });
  if (supersede) await cancelSuperseded(db, { ...key, buildRecordId });
  result.builds.push({ buildRecordId, buildRuleId, imageTag });
  return true;
}

function nothing(note: string): PushResult {
  return { builds: [], notes: [note] };
}
