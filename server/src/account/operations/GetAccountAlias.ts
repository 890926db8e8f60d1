import { operation } from '#rpc/operation.ts';
import { getAccountSettings } from '../account-settings.ts';
import { notExist } from '../errors.ts';

export default operation('GetAccountAlias', {
  async run(context) {
    const { alias } = await getAccountSettings(context.db);
    if (alias === undefined) throw notExist('EntityNotExist.Alias', context.accountId);
    return { AccountAlias: alias };
  },
});
