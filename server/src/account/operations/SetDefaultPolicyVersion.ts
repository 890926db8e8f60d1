import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { getPolicy, getPolicyVersion, updateDefaultVersion } from '../policies/policy-store.ts';

export default operation('SetDefaultPolicyVersion', {
  async run(context, params) {
    await changeAccount(context.db, async (trx) => {
      const policy = await getPolicy(trx, params.PolicyName);
      await updateDefaultVersion(trx, await getPolicyVersion(trx, policy.name, params.VersionId), context.now());
    });
    return {};
  },
});
