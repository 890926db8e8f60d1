import { getInstance } from '#instance/instance-store.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { removeScanRule } from '../rule/scan-rule-store.ts';

/** Removes a rule. Scans that it began continue. */
export default operation('DeleteScanRule', {
  async run({ db }, { InstanceId, ScanRuleId }) {
    if (InstanceId === undefined) throw missingParameter('InstanceId');
    await getInstance(db, InstanceId);
    if (ScanRuleId === undefined) throw missingParameter('ScanRuleId');
    await removeScanRule(db, InstanceId, ScanRuleId);
    return {};
  },
});
