import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenScanRule } from '../rule/given-scan-rule.ts';
import { insertScanRule } from '../rule/scan-rule-store.ts';
import { rightsOfScanRule } from '../scan-denied.ts';
import { givenScanType } from '../scan-type.ts';

/** Creates a rule about which images are scanned. It applies to tags that are set from then on. */
export default operation('CreateScanRule', {
  unlessDenied({ db }, params) {
    return rightsOfScanRule(db, params.InstanceId, params);
  },

  async run(context, params) {
    const { db, now, newId } = context;
    const { InstanceId: instanceId } = params;
    await getInstance(db, instanceId);
    const [ruleId, nowMs, scanType] = [newId('crscnr'), now(), givenScanType(params.ScanType)];
    const author = authorOf(context, 'cr:CreateScanRule', `instance/${instanceId}/scanrule/*`);
    await transaction(db, async (trx) => {
      const words = await readGivenScanRule(trx, params);
      await insertScanRule(trx, {
        ...words,
        ruleId,
        instanceId,
        scanType,
        createdMs: nowMs,
        modifiedMs: nowMs,
        author,
      });
    });
    return { ScanRuleId: ruleId };
  },
});
