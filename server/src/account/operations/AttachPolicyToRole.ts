import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { insertAttachment } from '../policies/attachment-store.ts';
import { getTarget } from '../policies/attachment-target.ts';

export default operation('AttachPolicyToRole', {
  async run(context, params) {
    const policy = { type: params.PolicyType, name: params.PolicyName };
    await changeAccount(context.db, async (trx) =>
      insertAttachment(trx, await getTarget(trx, 'role', params.RoleName), policy, context.now()),
    );
    return {};
  },
});
