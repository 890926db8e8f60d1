import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { ruleReply } from '../subscription-reply.ts';
import { getSubscriptionRule } from '../subscription-rule-store.ts';

export default operation('GetArtifactSubscriptionRule', {
  async run({ db, providers }, { InstanceId, RuleId }) {
    await getInstance(db, InstanceId);
    return ruleReply(await getSubscriptionRule(db, InstanceId, RuleId), providers);
  },
});
