import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { ruleReply } from '../subscription-reply.ts';
import { listSubscriptionRules } from '../subscription-rule-store.ts';

/** The rules of an instance, in the order in which they were made. */
export default operation('ListArtifactSubscriptionRule', {
  async run({ db, providers }, { InstanceId, ...given }) {
    await getInstance(db, InstanceId);
    const page = planPage(given);
    const { rules, total } = await listSubscriptionRules(db, InstanceId, page);
    return {
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      Rules: rules.map((rule) => ruleReply(rule, providers)),
      TotalCount: total,
    };
  },
});
