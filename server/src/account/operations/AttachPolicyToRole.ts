import { operation } from '#rpc/operation.ts';
import { insertAttachment } from '../attachment-store.ts';
import { getTarget } from '../attachment-target.ts';
import { changeAccount } from '../change-account.ts';

export default operation('AttachPolicyToRole', {
  async run(context, params) {
    const policy = { type: params.PolicyType, name: params.PolicyName };
    await changeAccount(context.db, async (trx) =>
      insertAttachment(trx, await getTarget(trx, 'role', params.RoleName), policy, context.now()),
    );
    return {};
  },
});
