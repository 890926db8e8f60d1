import { operation } from '#rpc/operation.ts';
import { notExist } from '../errors.ts';
import { getAccountSettings } from '../passwords/account-settings-store.ts';

export default operation('GetAccountAlias', {
  async run(context) {
    const { alias } = await getAccountSettings(context.db);
    if (alias === undefined) throw notExist('EntityNotExist.Alias', context.accountId);
    return { AccountAlias: alias };
  },
});
