import { operation } from '#rpc/operation.ts';
import { getAccountSettings, updateAccountSettings } from '../account-settings.ts';
import { changeAccount } from '../change-account.ts';

export default operation('ClearAccountAlias', {
  async run(context) {
    await changeAccount(context.db, async (trx) => {
      await updateAccountSettings(trx, { ...(await getAccountSettings(trx)), alias: undefined });
    });
    return {};
  },
});
