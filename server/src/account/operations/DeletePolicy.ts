import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getPolicy, removePolicy } from '../policies/policy-store.ts';

export default operation('DeletePolicy', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => removePolicy(trx, await getPolicy(trx, params.PolicyName)));
    return {};
  },
});
