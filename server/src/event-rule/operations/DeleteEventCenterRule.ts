import { getInstance } from '#instance/instance-store.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { removeEventRule } from '../event-rule-store.ts';

/** Removes a rule. What still waits to be sent for it is dropped. */
export default operation('DeleteEventCenterRule', {
  async run({ db }, { InstanceId, RuleId }) {
    if (InstanceId === undefined) throw missingParameter('InstanceId');
    await getInstance(db, InstanceId);
    if (RuleId === undefined) throw missingParameter('RuleId');
    await removeEventRule(db, InstanceId, RuleId);
    return {};
  },
});
