import type { Requester } from '#account/requester.ts';
import type { Means } from '#rpc/context.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import type { CodeHostSource, SourceBinding } from '#source/source.ts';
import { insertBuildRecord } from '../build-store.ts';
import { cancelSuperseded, isCommitQueued } from '../queue/cancel-store.ts';
import { requestersByRule } from '../request/build-requesters.ts';
import type { BuildRule } from './build-rule.ts';
import { recordOfRule } from './record-of-rule.ts';

/** The result of a push or a pull request. */
export interface PushResult {
  builds: { buildRecordId: string; buildRuleId: string; imageTag: string }[];
  /** Why there are no builds, or fewer than expected. */
  notes: string[];
}

/** A build that a rule asks for. */
interface RuleBuild {
  hook: Omit<PushHook, 'secret'>;
  binding: SourceBinding;
  rule: BuildRule;
  imageTag: string;
  source: Pick<CodeHostSource, 'ref' | 'pullRequest'> & { commitId: string };
  /** Whether it cancels older builds of the rule and the tag. */
  supersede: boolean;
  /** Who has a delivery processed again: the build needs their rights too. Undefined for what a code host sent just now. */
  redeliverer?: Requester | undefined;
}

/** Queues the build and adds it to the result. A commit is not queued again while its build has not ended. */
export async function queueRule(means: Means, build: RuleBuild, result: PushResult): Promise<void> {
  const { db } = means;
  const { hook, binding, rule, imageTag, source, supersede, redeliverer } = build;
  const { buildRuleId } = rule;
  const key = { buildRuleId, imageTag, commitId: source.commitId };
  if (await isCommitQueued(db, key)) {
    result.notes.push(`rule ${buildRuleId} already has a build of this commit in progress`);
    return;
  }
  const buildRecordId = means.newBuildRecordId();
  await insertBuildRecord(db, {
    buildRecordId,
    instanceId: hook.instanceId,
    repoId: hook.repoId,
    imageTag,
    ...recordOfRule(rule, binding, source),
    createdMs: means.now(),
    requesters: requestersByRule(redeliverer, rule, binding),
    trigger: source.pullRequest === undefined ? 'push' : 'pull-request',
  });
  if (supersede) await cancelSuperseded(db, { ...key, buildRecordId }, means.now());
  result.builds.push({ buildRecordId, buildRuleId, imageTag });
}

/** The name of the bound repository if an event is for another one. */
export function otherRepository(binding: SourceBinding, codeRepository: string | undefined): string | undefined {
  const bound = `${binding.codeRepoNamespaceName}/${binding.codeRepoName}`;
  return codeRepository === undefined || codeRepository.toLowerCase() === bound.toLowerCase() ? undefined : bound;
}

/** The result of an event for which nothing is built. */
export function nothing(note: string): PushResult {
  return { builds: [], notes: [note] };
}
