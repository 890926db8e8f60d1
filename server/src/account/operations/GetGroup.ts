import { operation } from '#rpc/operation.ts';
import { getGroup, groupReply } from '../group-store.ts';

export default operation('GetGroup', {
  async run(context, params) {
    return { Group: groupReply(await getGroup(context.db, params.GroupName)) };
  },
});
