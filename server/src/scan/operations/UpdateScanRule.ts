import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenScanRule } from '../rule/given-scan-rule.ts';
import { getScanRule, updateScanRule } from '../rule/scan-rule-store.ts';

/** Replaces the fields of a rule; its ScanType stays. */
export default operation('UpdateScanRule', {
  async run({ db, now }, params) {
    const { InstanceId: instanceId, ScanRuleId: ruleId } = params;
    await getInstance(db, instanceId);
    await db.transaction().execute(async (trx) => {
      await getScanRule(trx, instanceId, ruleId);
      const words = await readGivenScanRule(trx, params);
      await updateScanRule(trx, { ...words, ruleId, instanceId, modifiedMs: now() });
    });
    return { ScanRuleId: ruleId };
  },
});
