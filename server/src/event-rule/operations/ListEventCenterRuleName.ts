import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { listEventRules } from '../event-rule-store.ts';

export default operation('ListEventCenterRuleName', {
  async run({ db }, { InstanceId }) {
    await getInstance(db, InstanceId);
    const rules = await listEventRules(db, InstanceId);
    return { RuleNames: rules.map(({ ruleId, name }) => ({ RuleId: ruleId, RuleName: name })) };
  },
});
