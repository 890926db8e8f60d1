import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength } from '../names.ts';
import { listTargets } from '../policies/attachment-store.ts';
import { customPolicyReply } from '../policies/policy.ts';
import { getPolicy, updatePolicyDescription } from '../policies/policy-store.ts';

export default operation('UpdatePolicyDescription', {
  async run(context, params) {
    checkLength('NewDescription', params.NewDescription, 1024);
    return changeAccount(context.db, async (trx) => {
      const old = await getPolicy(trx, params.PolicyName);
      const changed = { ...old, description: params.NewDescription ?? old.description, modified_ms: context.now() };
      await updatePolicyDescription(trx, changed);
      const targets = await listTargets(trx, { type: 'Custom', name: changed.name });
      return { Policy: customPolicyReply(changed, targets.length) };
    });
  },
});
