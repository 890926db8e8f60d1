import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readSubscription } from '../given-subscription.ts';
import { rightsOfMirror } from '../subscription-denied.ts';
import { insertSubscriptionRule } from '../subscription-rule-store.ts';

/** Its first run begins within a minute. */
export default operation('CreateArtifactSubscriptionRule', {
  async unlessDenied(_context, { InstanceId, NamespaceName, RepoName }) {
    return rightsOfMirror(InstanceId, NamespaceName, RepoName);
  },

  async run(context, { InstanceId, Override = false, Accelerate = false, ...given }) {
    await getInstance(context.db, InstanceId);
    const words = await readSubscription(context, InstanceId, { ...given, Override, Accelerate });
    const ruleId = context.newId('crasr');
    const nowMs = context.now();
    const author = authorOf(context, 'cr:CreateArtifactSubscriptionRule', `instance/${InstanceId}`);
    const rule = { ...words, ruleId, instanceId: InstanceId, createdMs: nowMs, modifiedMs: nowMs, author };
    await insertSubscriptionRule(context.db, rule);
    return { RuleId: ruleId };
  },
});
