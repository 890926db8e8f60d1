import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { groupReply, insertGroup } from '../group-store.ts';
import { checkLength, checkName, newNumericId } from '../names.ts';

export default operation('CreateGroup', {
  async run(context, params) {
    checkName('GroupName', params.GroupName);
    checkLength('Comments', params.Comments, 128);
    const nowMs = context.now();
    const group = {
      group_id: newNumericId(),
      name: params.GroupName,
      comments: params.Comments ?? '',
      created_ms: nowMs,
      modified_ms: nowMs,
    };
    await changeAccount(context.db, (trx) => insertGroup(trx, group));
    return { Group: groupReply(group) };
  },
});
