import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getLifecycleRule } from '../lifecycle-store.ts';
import { ruleReply } from '../rule-reply.ts';

export default operation('GetArtifactLifecycleRule', {
  async run({ db, timeZone }, { InstanceId, RuleId }) {
    await getInstance(db, InstanceId);
    return ruleReply(await getLifecycleRule(db, InstanceId, RuleId), timeZone);
  },
});
