import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getLoginProfile, removeLoginProfile } from '../passwords/login-profile-store.ts';
import { getUser } from '../user-store.ts';

export default operation('DeleteLoginProfile', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      await removeLoginProfile(trx, await getLoginProfile(trx, await getUser(trx, params.UserName)));
    });
    return {};
  },
});
