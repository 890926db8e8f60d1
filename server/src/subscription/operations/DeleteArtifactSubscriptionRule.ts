import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeSubscriptionRule } from '../subscription-rule-store.ts';

/** Removes a rule. A run in progress continues, and mirrored images stay. */
export default operation('DeleteArtifactSubscriptionRule', {
  async run({ db }, { InstanceId, RuleId }) {
    await getInstance(db, InstanceId);
    await removeSubscriptionRule(db, InstanceId, RuleId);
    return {};
  },
});
