import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getPolicy, getPolicyVersion, removePolicyVersion } from '../policies/policy-store.ts';

export default operation('DeletePolicyVersion', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const policy = await getPolicy(trx, params.PolicyName);
      await removePolicyVersion(trx, policy, await getPolicyVersion(trx, policy.name, params.VersionId));
    });
    return {};
  },
});
