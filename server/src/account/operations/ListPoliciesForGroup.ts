import { operation } from '#rpc/operation.ts';
import { getTarget } from '../attachment-target.ts';
import { listAttachedReplies } from '../policy.ts';

export default operation('ListPoliciesForGroup', {
  async run(context, params) {
    const target = await getTarget(context.db, 'group', params.GroupName);
    return { Policies: { Policy: await listAttachedReplies(context.db, target) } };
  },
});
