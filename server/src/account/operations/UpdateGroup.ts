import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getGroup, groupReply, updateGroup } from '../group-store.ts';
import { checkLength, checkName } from '../names.ts';

export default operation('UpdateGroup', {
  async run(context, params) {
    if (params.NewGroupName !== undefined) checkName('GroupName', params.NewGroupName, 'NewGroupName');
    checkLength('NewComments', params.NewComments, 128);
    const group = await changeAccount(context.db, async (trx) => {
      const old = await getGroup(trx, params.GroupName);
      const changed = {
        ...old,
        name: params.NewGroupName ?? old.name,
        comments: params.NewComments ?? old.comments,
        modified_ms: context.now(),
      };
      await updateGroup(trx, changed);
      return changed;
    });
    return { Group: groupReply(group) };
  },
});
