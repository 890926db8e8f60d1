import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getGroup, removeGroup } from '../group-store.ts';

export default operation('DeleteGroup', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => removeGroup(trx, await getGroup(trx, params.GroupName)));
    return {};
  },
});
