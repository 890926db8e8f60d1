import { operation } from '#rpc/operation.ts';
import { listGroupsOf } from '../group-store.ts';
import { ramTime } from '../names.ts';
import { getUser } from '../user-store.ts';

export default operation('ListGroupsForUser', {
  async run(context, params) {
    const groups = await listGroupsOf(context.db, await getUser(context.db, params.UserName));
    const shown = groups.map(({ name, group_id, comments, joined_ms }) => ({
      GroupName: name,
      GroupId: group_id,
      Comments: comments,
      JoinDate: ramTime(joined_ms),
    }));
    return { Groups: { Group: shown } };
  },
});
