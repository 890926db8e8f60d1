import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength } from '../names.ts';
import { checkTrustPolicy } from '../policies/check-policy.ts';
import { checkSessionSeconds, getRole, roleReply, updateRole } from '../role-store.ts';

export default operation('UpdateRole', {
  async run(context, params) {
    if (params.NewAllowConsoleLogin) throw parameterNotImplemented('NewAllowConsoleLogin');
    checkLength('NewDescription', params.NewDescription, 1024);
    checkSessionSeconds('NewMaxSessionDuration', params.NewMaxSessionDuration);
    if (params.NewAssumeRolePolicyDocument !== undefined) checkTrustPolicy(params.NewAssumeRolePolicyDocument);
    const role = await changeAccount(context.db, async (trx) => {
      const old = await getRole(trx, params.RoleName);
      const changed = {
        ...old,
        description: params.NewDescription ?? old.description,
        trust_policy: params.NewAssumeRolePolicyDocument ?? old.trust_policy,
        max_session_seconds: params.NewMaxSessionDuration ?? old.max_session_seconds,
        modified_ms: context.now(),
      };
      await updateRole(trx, changed);
      return changed;
    });
    return { Role: roleReply(context.accountId, role) };
  },
});
