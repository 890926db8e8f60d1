import { operation } from '#rpc/operation.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { listPolicyReplies } from '../policies/policy.ts';
import { hasTags, tagsReply } from '../tags/tag-store.ts';

export default operation('ListPolicies', {
  async run(context, params) {
    const wanted = markerPage(params);
    const all = await listPolicyReplies(context.db, params.PolicyType);
    const rows = all.filter(({ name, tags }) => name > wanted.after && hasTags(tags, params.Tag));
    const { page, rest } = cutPage(rows, wanted);
    return { ...rest, Policies: { Policy: page.map(({ reply, tags }) => ({ ...reply, Tags: tagsReply(tags) })) } };
  },
});
