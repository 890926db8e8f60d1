import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listLifecycleRules } from '../lifecycle-store.ts';
import { ruleReply } from '../rule-reply.ts';

/** The rules of an instance, in the order of their creation. */
export default operation('ListArtifactLifecycleRule', {
  async run({ db, timeZone }, params) {
    const { InstanceId: instanceId, EnableDeleteTag, EnableDeleteUntaggedManifest } = params;
    await getInstance(db, instanceId);
    const page = planPage(params);
    const filter = { instanceId, deletesTags: EnableDeleteTag, deletesUntagged: EnableDeleteUntaggedManifest };
    const { rules, total } = await listLifecycleRules(db, filter, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      Rules: rules.map((rule) => ruleReply(rule, timeZone)),
      TotalCount: total,
    };
  },
});
