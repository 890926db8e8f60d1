import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getGroup, removeMember } from '../group-store.ts';
import { getUser } from '../user-store.ts';

export default operation('RemoveUserFromGroup', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const user = await getUser(trx, params.UserName);
      await removeMember(trx, await getGroup(trx, params.GroupName), user);
    });
    return {};
  },
});
