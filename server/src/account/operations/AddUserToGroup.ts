import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getGroup, insertMember } from '../group-store.ts';
import { getUser } from '../user-store.ts';

export default operation('AddUserToGroup', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const user = await getUser(trx, params.UserName);
      await insertMember(trx, await getGroup(trx, params.GroupName), user, context.now());
    });
    return {};
  },
});
