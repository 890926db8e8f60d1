import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getAccountSettings, updateAccountSettings } from '../passwords/account-settings-store.ts';

export default operation('ClearAccountAlias', {
  async run(context) {
    await changeAccount(context.db, async (trx) => {
      await updateAccountSettings(trx, { ...(await getAccountSettings(trx)), alias: undefined });
    });
    return {};
  },
});
