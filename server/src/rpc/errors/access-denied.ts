import type { Decision } from '#ram/decide.ts';
import { type AccessDeniedDetail, ApiError } from './api-error.ts';

/**
 * The refusal of a call that policies do not allow: `NoPrivilege` for product cr, `NoPermission` for the others. It names the
 * action and the resource. `asNamed` is the resource as the caller named it: anything else would reveal what exists.
 */
export function accessDenied(decision: Decision, asNamed: string = decision.resource): ApiError {
  const detail = detailOf(decision, asNamed);
  const options = detail ? { accessDenied: detail, recommend: recommend(decision, asNamed) } : {};
  if (decision.action.startsWith('cr:'))
    return new ApiError('NoPrivilege', 403, 'Access denied for this user.', options);
  const message = 'You are not authorized to do this action. You should be authorized by RAM.';
  return new ApiError('NoPermission', 403, message, options);
}

function detailOf(
  { principal, action, reason, policyType }: Decision,
  asNamed: string,
): AccessDeniedDetail | undefined {
  if (principal.kind === 'root') return undefined;
  return {
    AuthAction: action,
    AuthResource: asNamed,
    AuthPrincipalType: principal.kind === 'user' ? 'SubUser' : 'AssumedRoleUser',
    AuthPrincipalOwnerId: principal.accountId,
    AuthPrincipalDisplayName:
      principal.kind === 'user' ? principal.userId : `${principal.roleName}:${principal.sessionName}`,
    NoPermissionType: reason === 'ExplicitDeny' ? 'ExplicitDeny' : 'ImplicitDeny',
    PolicyType: policyType ?? 'AccountLevelIdentityBasedPolicy',
  };
}

function recommend({ principal, action, reason, policyType }: Decision, asNamed: string): string {
  const asked = `${action} on ${asNamed} to ${principal.arn}`;
  const whose = policyType === 'SessionPolicy' ? 'The policy of the session' : 'A policy';
  if (reason === 'ExplicitDeny') return `${whose} denies ${asked}.`;
  return `Ask for a policy that allows ${asked}; slipway policy simulate shows what is missing.`;
}
