import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getAccountSettings, updateAccountSettings } from '../passwords/account-settings-store.ts';

export default operation('SetAccountAlias', {
  async run(context, { AccountAlias: alias }) {
    if (alias.length < 3 || alias.length > 32 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(alias)) {
      const shown = JSON.stringify(alias.slice(0, 200));
      throw invalidParameter(
        'AccountAlias',
        `${shown} must be 3 to 32 characters of a-z and 0-9, with single - between them.`,
      );
    }
    await changeAccount(context.db, async (trx) => {
      await updateAccountSettings(trx, { ...(await getAccountSettings(trx)), alias });
    });
    return {};
  },
});
