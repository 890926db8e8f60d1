import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { removeAttachment } from '../policies/attachment-store.ts';
import { getTarget } from '../policies/attachment-target.ts';

export default operation('DetachPolicyFromUser', {
  async run(context, params) {
    const policy = { type: params.PolicyType, name: params.PolicyName };
    await changeAccount(context.db, async (trx) =>
      removeAttachment(trx, await getTarget(trx, 'user', params.UserName), policy),
    );
    return {};
  },
});
