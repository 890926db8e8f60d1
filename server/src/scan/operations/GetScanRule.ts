import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { scanRuleReply } from '../rule/scan-rule-reply.ts';
import { getScanRule } from '../rule/scan-rule-store.ts';

/** A rule about which images are scanned. */
export default operation('GetScanRule', {
  async run({ db }, { InstanceId, ScanRuleId }) {
    await getInstance(db, InstanceId);
    const rule = await getScanRule(db, InstanceId, ScanRuleId);
    return { ScanRule: { ...scanRuleReply(rule), InstanceId } };
  },
});
