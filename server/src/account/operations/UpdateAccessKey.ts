import { operation } from '#rpc/operation.ts';
import { getAccessKey, updateAccessKeyStatus } from '../access-key-store.ts';
import { changeAccount } from '../change-account.ts';
import { getUser } from '../user-store.ts';

export default operation('UpdateAccessKey', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const key = await getAccessKey(trx, await getUser(trx, params.UserName), params.UserAccessKeyId);
      await updateAccessKeyStatus(trx, key, params.Status);
    });
    return {};
  },
});
