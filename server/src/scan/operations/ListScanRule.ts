import { getInstance } from '#instance/instance-store.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { scanRuleReply } from '../rule/scan-rule-reply.ts';
import { listScanRules } from '../rule/scan-rule-store.ts';
import { givenScanType } from '../scan-type.ts';

/** The rules for one type of scan, VUL by default, in the order of their creation. */
export default operation('ListScanRule', {
  async run({ db }, params) {
    const { InstanceId: instanceId } = params;
    if (instanceId === undefined) throw missingParameter('InstanceId');
    await getInstance(db, instanceId);
    const page = planPage(params);
    const { rules, total } = await listScanRules(db, { instanceId, scanType: givenScanType(params.ScanType) }, page);
    return {
      ScanRules: rules.map(scanRuleReply),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: total,
    };
  },
});
