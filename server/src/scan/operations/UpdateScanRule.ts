import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenScanRule } from '../rule/given-scan-rule.ts';
import { getScanRule, updateScanRule } from '../rule/scan-rule-store.ts';
import { rightsOfScanRule } from '../scan-denied.ts';

/** Replaces the fields of a rule; its ScanType stays. */
export default operation('UpdateScanRule', {
  unlessDenied({ db }, params) {
    return rightsOfScanRule(db, params.InstanceId, params);
  },

  async run(context, params) {
    const { db, now } = context;
    const { InstanceId: instanceId, ScanRuleId: ruleId } = params;
    await getInstance(db, instanceId);
    const author = authorOf(context, 'cr:UpdateScanRule', `instance/${instanceId}/scanrule/${ruleId}`);
    await transaction(db, async (trx) => {
      await getScanRule(trx, instanceId, ruleId);
      const words = await readGivenScanRule(trx, params);
      await updateScanRule(trx, { ...words, ruleId, instanceId, modifiedMs: now(), author });
    });
    return { ScanRuleId: ruleId };
  },
});
