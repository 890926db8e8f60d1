import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkTrustPolicy } from '../check-policy.ts';
import { checkLength, checkName, newNumericId } from '../names.ts';
import { checkSessionSeconds, insertRole, roleReply } from '../role-store.ts';

export default operation('CreateRole', {
  async run(context, params) {
    checkName('RoleName', params.RoleName);
    checkLength('Description', params.Description, 1024);
    checkSessionSeconds('MaxSessionDuration', params.MaxSessionDuration);
    checkTrustPolicy(params.AssumeRolePolicyDocument);
    const nowMs = context.now();
    const role = {
      role_id: newNumericId(),
      name: params.RoleName,
      description: params.Description ?? '',
      trust_policy: params.AssumeRolePolicyDocument,
      max_session_seconds: params.MaxSessionDuration ?? 3600,
      created_ms: nowMs,
      modified_ms: nowMs,
    };
    await changeAccount(context.db, (trx) => insertRole(trx, role));
    return { Role: roleReply(context.accountId, role) };
  },
});
