import type { Decision } from '#ram/decide.ts';
import { type AccessDeniedDetail, ApiError } from './api-error.ts';

/** The refusal of a call that policies do not allow: `NoPrivilege` of product cr, `NoPermission` of the others. */
export function accessDenied(decision: Decision): ApiError {
  const detail = detailOf(decision);
  const options = detail ? { accessDenied: detail } : {};
  if (decision.action.startsWith('cr:'))
    return new ApiError('NoPrivilege', 403, 'Access denied for this user.', options);
  const message = 'You are not authorized to do this action. You should be authorized by RAM.';
  return new ApiError('NoPermission', 403, message, options);
}

function detailOf({ principal, action, reason, policyType }: Decision): AccessDeniedDetail | undefined {
  if (principal.kind === 'root') return undefined;
  return {
    AuthAction: action,
    AuthPrincipalType: principal.kind === 'user' ? 'SubUser' : 'AssumedRoleUser',
    AuthPrincipalOwnerId: principal.accountId,
    AuthPrincipalDisplayName:
      principal.kind === 'user' ? principal.userId : `${principal.roleName}:${principal.sessionName}`,
    NoPermissionType: reason === 'ExplicitDeny' ? 'ExplicitDeny' : 'ImplicitDeny',
    PolicyType: policyType ?? 'AccountLevelIdentityBasedPolicy',
  };
}
