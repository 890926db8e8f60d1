import type { Requester } from '#account/requester.ts';
import { eventTransaction } from '#event/event-store.ts';
import type { Means } from '#rpc/context.ts';
import type { PullRequestEvent } from '#source/hooks/pull-request-event.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import { takePushOrder } from '#source/hooks/push-hook-store.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { NO_BUILDS } from '../errors.ts';
import { listRulesOfPush } from './build-rule-store.ts';
import { matchRules } from './match-rules.ts';
import { nothing, otherRepository, type PushResult, queueRule } from './queue-rule.ts';

/**
 * Queues a build of a pull request for every rule of its target branch. Its tag is `pr-NUMBER`, followed by the rule's
 * own tag if there are several rules. A commit is not queued again while its build has not ended, so that a delivery
 * that arrives twice builds once. As with pushes, a commit reported after a newer one is not built, not even if it is sent again.
 */
export async function buildPullRequest(
  means: Means,
  hook: Omit<PushHook, 'secret'>,
  event: PullRequestEvent,
  { supersede, redeliverer }: { supersede: boolean; redeliverer?: Requester | undefined },
): Promise<PushResult> {
  if (!means.takesBuilds) return nothing(NO_BUILDS);
  const { pullRequest, targetBranch, ref, commitId } = event;
  const rules = await listRulesOfPush(means.db, hook.repoId, 'GIT_BRANCH');
  const matches = await matchRules(rules, targetBranch);
  if (typeof matches === 'string') return nothing(matches);
  const matching = rules.flatMap((rule) => {
    const match = matches(rule);
    return match === undefined || 'invalidTag' in match ? [] : [{ rule, imageTag: match.imageTag }];
  });
  const result = await eventTransaction(means.db, async (db): Promise<PushResult> => {
    const binding = await findSourceBinding(db, hook.repoId);
    if (!binding) return nothing('the repository has no source');
    const other = otherRepository(binding, event.codeRepository);
    if (other !== undefined) return nothing(`the pull request is for another repository than ${other}`);
    // Record the order of every commit, so that commits that are built later are ordered correctly.
    const push = { ref, before: event.before, after: commitId, pushedMs: event.pushedMs };
    const isLate = await takePushOrder(db, hook.hookId, push, means.now());
    if (!binding.autoBuild) return nothing('AutoBuild is off for this repository');
    if (matching.length === 0) return nothing(`no rule matches ${targetBranch}, the target of the pull request`);
    if (isLate)
      return nothing(`this commit of pull request ${pullRequest} came after a newer one, which it would undo`);
    const queued: PushResult = { builds: [], notes: [] };
    for (const { rule, imageTag } of matching) {
      const tag =
        matching.length === 1 ? `pr-${pullRequest}` : `pr-${pullRequest}-${imageTag}`.slice(0, TAG_LIMIT_CHARS);
      const source = { ref, commitId, pullRequest };
      const build = { hook, binding, rule, imageTag: tag, source, supersede, redeliverer };
      await queueRule({ ...means, db }, build, queued);
    }
    return queued;
  });
  if (result.builds.length > 0) means.buildQueued();
  return result;
}

const TAG_LIMIT_CHARS = 128;
