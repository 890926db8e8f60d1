import { operation } from '#rpc/operation.ts';
import { getTarget } from '../policies/attachment-target.ts';
import { listAttachedReplies } from '../policies/policy.ts';

export default operation('ListPoliciesForUser', {
  async run(context, params) {
    const target = await getTarget(context.db, 'user', params.UserName);
    return { Policies: { Policy: await listAttachedReplies(context.db, target) } };
  },
});
