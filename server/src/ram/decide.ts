import type { Principal } from './principal.ts';

/** What is asked: may this principal do this action on this resource? */
export interface DecisionRequest {
  readonly principal: Principal;
  /** `cr:GetRepositoryBuildLog` */
  readonly action: string;
  /** `acs:cr:<region>:<account>:repository/…`, or `*` alone where the action knows no narrower resource. */
  readonly resource: string;
}

/** The answer, with what made it: enough for an audit line and for a reader who asks why. */
export interface Decision extends DecisionRequest {
  readonly allowed: boolean;
  readonly reason: 'AccountOwner' | 'ImplicitDeny';
  /** One sentence for people. */
  readonly explanation: string;
}

/**
 * Decides one call. Pure. The account owner is not limited by RAM policies; whoever else calls is denied, since no
 * policy can speak for them yet (https://www.alibabacloud.com/help/en/ram/user-guide/policy-evaluation-process).
 */
export function decide(request: DecisionRequest): Decision {
  if (request.principal.kind === 'root') {
    return {
      ...request,
      allowed: true,
      reason: 'AccountOwner',
      explanation: `${request.principal.arn} owns the account and is not limited by policies.`,
    };
  }
  return {
    ...request,
    allowed: false,
    reason: 'ImplicitDeny',
    explanation: `No policy allows ${request.action} on ${request.resource}.`,
  };
}
