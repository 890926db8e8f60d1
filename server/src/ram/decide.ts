import { type ConditionValues, conditionHolds } from './condition.ts';
import { actionCovers, resourceCovers } from './glob.ts';
import type { Policy, Statement } from './policy.ts';
import type { Circumstances, Principal } from './principal.ts';

/** The question: may this principal perform this action on this resource? */
export interface DecisionRequest {
  readonly principal: Principal;
  /** `cr:GetRepositoryBuildLog` */
  readonly action: string;
  /** `acs:cr:<region>:<account>:repository/…`, or `*` for an action without a narrower resource. */
  readonly resource: string;
}

/** A statement that names the action, and whether it applied or why not. */
export interface Considered {
  /** `Custom policy logs of user reader`, `System policy …` or `session policy`. */
  readonly policy: string;
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
  readonly outcome: 'applies' | 'another resource' | 'condition does not hold' | 'condition cannot be judged';
}

/** The answer and how it was reached, for the audit record and for readers who ask why. */
export interface Decision extends DecisionRequest {
  readonly allowed: boolean;
  readonly reason: 'AccountOwner' | 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  /** The kind of policy that decided, by the vendor's name. */
  readonly policyType?: 'AccountLevelIdentityBasedPolicy' | 'SessionPolicy';
  /** Every statement that names the action, in evaluation order. */
  readonly considered: readonly Considered[];
  /** The reason as a sentence for people. */
  readonly explanation: string;
}

const NAME_LIMIT_CHARS = 512;

/**
 * Decides one call. Pure. RAM policies do not limit the account owner. Within each kind of policy, an applying Deny wins, then
 * an applying Allow; without either, the call is denied. A session's own policy is checked first and can only narrow
 * (https://www.alibabacloud.com/help/en/ram/user-guide/policy-evaluation-process).
 */
export function decide({ principal, action, resource }: DecisionRequest): Decision {
  const request = { principal, action, resource };
  if (principal.kind === 'root') {
    const explanation = `${principal.arn} owns the account and is not limited by policies.`;
    return { ...request, allowed: true, reason: 'AccountOwner', considered: [], explanation };
  }
  // Nothing has a name this long, and matching it takes time proportional to its length times the pattern's.
  if (Math.max(action.length, resource.length) > NAME_LIMIT_CHARS)
    return answer(request, 'AccountLevelIdentityBasedPolicy', 'ImplicitDeny', []);
  const values = conditionValues(principal.call);
  const considered: Considered[] = [];
  if (principal.kind === 'assumed-role' && principal.sessionPolicy) {
    considered.push(...consider('session policy', principal.sessionPolicy.policy, request, values));
    const verdict = judge(considered);
    if (verdict !== 'Allow') return answer(request, 'SessionPolicy', verdict, considered);
  }
  const own = principal.policies.flatMap(({ type, name, through, policy }) =>
    consider(`${type} policy ${name} of ${through}`, policy, request, values),
  );
  return answer(request, 'AccountLevelIdentityBasedPolicy', judge(own), [...considered, ...own], own);
}

/**
 * Decides a call on a resource with several names, any of which a policy may use. A Deny of one wins, then an Allow of one. The
 * last name is the narrowest, and refusals name it.
 */
export function decideAny(call: Omit<DecisionRequest, 'resource'>, resources: readonly string[]): Decision {
  const decisions = resources.map((resource) => decide({ ...call, resource }));
  const decision =
    decisions.find(({ reason }) => reason === 'ExplicitDeny') ??
    decisions.find(({ allowed }) => allowed) ??
    decisions.at(-1);
  if (!decision) throw new Error('decideAny needs at least one resource');
  return decision;
}

/** Whether a policy of the caller denies an action at all: on any resource, under any condition. */
export function isDeniedSomewhere(principal: Principal, action: string): boolean {
  if (principal.kind === 'root') return false;
  const session = principal.kind === 'assumed-role' ? principal.sessionPolicy : undefined;
  const policies = [...principal.policies, ...(session ? [session] : [])];
  return policies.some(({ policy }) =>
    policy.statements.some((statement) => statement.effect === 'Deny' && namesAction(statement, action)),
  );
}

/** The values for conditions, as text. */
export function conditionValues(call: Circumstances | undefined): ConditionValues {
  // Slipway has no second factors.
  if (call === undefined) return { 'acs:MFAPresent': 'false' };
  return {
    'acs:MFAPresent': 'false',
    'acs:CurrentTime': new Date(call.timeMs).toISOString(),
    'acs:SecureTransport': String(call.secureTransport),
    ...(call.sourceIp === undefined ? {} : { 'acs:SourceIp': call.sourceIp }),
  };
}

type Verdict = 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';

function consider(name: string, policy: Policy, request: DecisionRequest, values: ConditionValues): Considered[] {
  return policy.statements.flatMap((statement, index) => {
    const outcome = outcomeOf(statement, request, values);
    return outcome === undefined ? [] : [{ policy: name, statement: index, effect: statement.effect, outcome }];
  });
}

function outcomeOf(
  statement: Statement,
  { action, resource }: DecisionRequest,
  values: ConditionValues,
): Considered['outcome'] | undefined {
  const { effect, resources, condition } = statement;
  if (!namesAction(statement, action)) return undefined;
  if (!resources.some((pattern) => resourceCovers(pattern, resource))) return 'another resource';
  const holds = conditionHolds(condition, values);
  if (holds === false) return 'condition does not hold';
  // A condition on an unknown value must not grant, but must still deny.
  return holds === undefined && effect === 'Allow' ? 'condition cannot be judged' : 'applies';
}

function namesAction({ actions, except }: Statement, action: string): boolean {
  return actions.some((pattern) => actionCovers(pattern, action)) !== except;
}

function judge(considered: readonly Considered[]): Verdict {
  const applying = considered.filter(({ outcome }) => outcome === 'applies');
  if (applying.some(({ effect }) => effect === 'Deny')) return 'ExplicitDeny';
  return applying.length > 0 ? 'Allow' : 'ImplicitDeny';
}

function answer(
  request: DecisionRequest,
  policyType: 'AccountLevelIdentityBasedPolicy' | 'SessionPolicy',
  reason: Verdict,
  considered: readonly Considered[],
  deciding: readonly Considered[] = considered,
): Decision {
  const explanation = explain(request, policyType, reason, deciding);
  return { ...request, allowed: reason === 'Allow', reason, policyType, considered, explanation };
}

function explain(
  { principal, action, resource }: DecisionRequest,
  policyType: string,
  reason: Verdict,
  deciding: readonly Considered[],
): string {
  const call = `${action} on ${resource}`;
  if (reason === 'ImplicitDeny') {
    const near = deciding.find(({ effect }) => effect === 'Allow');
    const why = near ? ` Statement ${near.statement} of ${near.policy} names the action, but: ${near.outcome}.` : '';
    return `No ${policyType === 'SessionPolicy' ? 'session policy' : `policy of ${principal.arn}`} allows ${call}.${why}`;
  }
  const effect = reason === 'Allow' ? 'Allow' : 'Deny';
  const by = deciding.find((one) => one.outcome === 'applies' && one.effect === effect);
  return `Statement ${by?.statement} of ${by?.policy} ${effect === 'Allow' ? 'allows' : 'denies'} ${call} to ${principal.arn}.`;
}
