import { operation } from '#rpc/operation.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { listPolicyReplies } from '../policy.ts';

export default operation('ListPolicies', {
  async run(context, params) {
    const wanted = markerPage(params);
    const all = await listPolicyReplies(context.db, params.PolicyType);
    const rows = all.filter(({ name }) => name > wanted.after).slice(0, wanted.limit + 1);
    const { page, rest } = cutPage(rows, wanted);
    return { ...rest, Policies: { Policy: page.map(({ reply }) => reply) } };
  },
});
