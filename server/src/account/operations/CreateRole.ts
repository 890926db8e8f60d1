import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength, checkName, newNumericId } from '../names.ts';
import { checkTrustPolicy } from '../policies/check-policy.ts';
import { checkSessionSeconds, insertRole, roleReply } from '../role-store.ts';
import { checkTags, setTags } from '../tags/tag-store.ts';

export default operation('CreateRole', {
  async run(context, params) {
    checkName('RoleName', params.RoleName);
    checkLength('Description', params.Description, 1024);
    checkSessionSeconds('MaxSessionDuration', params.MaxSessionDuration);
    checkTrustPolicy(params.AssumeRolePolicyDocument);
    checkTags(params.Tag ?? []);
    if (params.AllowConsoleLogin) throw parameterNotImplemented('AllowConsoleLogin');
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
    await changeAccount(context.db, async (trx) => {
      await insertRole(trx, role);
      await setTags(trx, { kind: 'role', id: role.role_id, name: role.name }, params.Tag ?? []);
    });
    return { Role: roleReply(context.accountId, role) };
  },
});
