import { operation } from '#rpc/operation.ts';

export default operation('GetCallerIdentity', {
  async run({ principal }) {
    const { accountId: AccountId, arn: Arn } = principal;
    if (principal.kind === 'root') {
      return { AccountId, Arn, IdentityType: 'Account', PrincipalId: AccountId, UserId: AccountId };
    }
    if (principal.kind === 'user') {
      return { AccountId, Arn, IdentityType: 'RAMUser', PrincipalId: principal.userId, UserId: principal.userId };
    }
    const { roleId: RoleId, sessionName } = principal;
    return { AccountId, Arn, IdentityType: 'AssumedRoleUser', PrincipalId: `${RoleId}:${sessionName}`, RoleId };
  },
});
