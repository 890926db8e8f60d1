import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getAccessKey, updateAccessKeyStatus } from '../keys/access-key-store.ts';
import { keyOwner, keyOwnerResource } from '../keys/key-owner.ts';
import { getUser } from '../user-store.ts';

export default operation('UpdateAccessKey', {
  resource: keyOwnerResource,
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const key = await getAccessKey(trx, await getUser(trx, keyOwner(context, params)), params.UserAccessKeyId);
      await updateAccessKeyStatus(trx, key, params.Status);
    });
    return {};
  },
});
