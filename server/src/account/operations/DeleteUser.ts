import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getUser, removeUser } from '../user-store.ts';

export default operation('DeleteUser', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => removeUser(trx, await getUser(trx, params.UserName)));
    return {};
  },
});
