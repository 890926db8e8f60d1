import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenScanRule } from '../rule/given-scan-rule.ts';
import { insertScanRule } from '../rule/scan-rule-store.ts';
import { givenScanType } from '../scan-type.ts';

/** Creates a rule about which images are scanned. It applies to tags that are set from then on. */
export default operation('CreateScanRule', {
  async run({ db, now, newId }, params) {
    const { InstanceId: instanceId } = params;
    await getInstance(db, instanceId);
    const [ruleId, nowMs, scanType] = [newId('crscnr'), now(), givenScanType(params.ScanType)];
    await db.transaction().execute(async (trx) => {
      const words = await readGivenScanRule(trx, params);
      await insertScanRule(trx, { ...words, ruleId, instanceId, scanType, createdMs: nowMs, modifiedMs: nowMs });
    });
    return { ScanRuleId: ruleId };
  },
});
