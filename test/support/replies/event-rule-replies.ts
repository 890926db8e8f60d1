import { ACCOUNT_AUTHOR } from '../../../server/src/account/rule-author.ts';
import { takeBatch } from '../../../server/src/event/event-consumers.ts';
import { eventRuleEvents } from '../../../server/src/event-rule/event-rule-events.ts';
import { insertEventRule } from '../../../server/src/event-rule/event-rule-store.ts';
import { pushUnderTest } from '../../../server/src/image/testing/pushed-image.ts';
import type { Means } from '../../../server/src/rpc/context.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';

/** Calls the operations of event rules, with one rule that was made and that a push to a repository started. */
export async function callEventRules(
  means: Means,
  call: (action: Action, params: Record<string, string>) => Promise<unknown>,
  pushed: { instanceId: string; namespaceName: string; name: string },
): Promise<void> {
  const consumer = eventRuleEvents({ ...means, publicUrl: 'https://build.example' });
  await takeBatch(means.db, consumer);
  const { instanceId } = pushed;
  const RuleId = 'crecr-1';
  const rule = {
    ruleId: RuleId,
    instanceId,
    name: 'pushes',
    eventType: 'cr:Artifact:PushCompleted' as const,
    scope: 'INSTANCE' as const,
    namespaces: [],
    repoNames: [],
    tagPattern: '.*',
    method: 'https' as const,
    createdMs: 1,
    modifiedMs: 1,
    author: ACCOUNT_AUTHOR,
  };
  await insertEventRule(means, rule, 'https://events.example/');
  await pushUnderTest(means.db, pushed, { tag: 'event', image: 1, nowMs: means.now() });
  await takeBatch(means.db, consumer);
  const InstanceId = instanceId;
  await call('ListEventCenterRecord', { InstanceId });
  await call('UpdateEventCenterRule', { InstanceId, RuleId, RuleName: 'all pushes' });
  await call('ListEventCenterRuleName', { InstanceId });
  await call('DeleteEventCenterRule', { InstanceId, RuleId });
}
