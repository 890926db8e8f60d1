import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getRole, removeRole } from '../role-store.ts';

export default operation('DeleteRole', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => removeRole(trx, await getRole(trx, params.RoleName)));
    return {};
  },
});
