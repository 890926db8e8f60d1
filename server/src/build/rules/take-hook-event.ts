import type { Requester } from '#account/requester.ts';
import type { Means } from '#rpc/context.ts';
import type { HookEvent } from '#source/hooks/hook-event.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import { buildPullRequest } from './build-pull-request.ts';
import { buildPush } from './build-push.ts';
import { nothing, type PushResult } from './queue-rule.ts';

/** What the settings say about events of code hosts. */
export interface HookOptions {
  /** Whether a push cancels older builds of the same rule and tag. */
  readonly supersede: boolean;
  /** Whether pull requests are built. */
  readonly pullRequests: boolean;
}

/** A delivery of an event: the names it is recognized by, and who has it processed again, if anybody does. */
interface EventDelivery {
  readonly deliveryNames: readonly string[];
  readonly redeliverer?: Requester;
}

/** Queues the builds that an event of a code host asks for. */
export async function takeHookEvent(
  means: Means,
  hook: Omit<PushHook, 'secret'>,
  event: HookEvent,
  { deliveryNames, redeliverer, supersede, pullRequests }: HookOptions & EventDelivery,
): Promise<PushResult> {
  if (!('pullRequest' in event)) return buildPush(means, hook, event, deliveryNames, { supersede, redeliverer });
  if (!pullRequests) return nothing('pull requests are not built: the setting pull-requests is off');
  return buildPullRequest(means, hook, event, { supersede, redeliverer });
}
