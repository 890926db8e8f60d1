import { type ConditionValues, conditionHolds } from './condition.ts';
import { actionCovers, resourceCovers } from './glob.ts';
import type { Policy, Statement } from './policy.ts';
import type { Circumstances, Principal } from './principal.ts';

/** What is asked: may this principal do this action on this resource? */
export interface DecisionRequest {
  readonly principal: Principal;
  /** `cr:GetRepositoryBuildLog` */
  readonly action: string;
  /** `acs:cr:<region>:<account>:repository/…`, or `*` alone where the action knows no narrower resource. */
  readonly resource: string;
}

/** A statement that decided or spoke of the action without deciding, and why it did not. */
export interface Considered {
  /** `Custom policy logs of user reader`, `System policy …` or `session policy`. */
  readonly policy: string;
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
  readonly outcome: 'applies' | 'another resource' | 'condition does not hold' | 'condition cannot be judged';
}

/** The answer, with what made it: enough for an audit line and for a reader who asks why. */
export interface Decision extends DecisionRequest {
  readonly allowed: boolean;
  readonly reason: 'AccountOwner' | 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  /** Which kind of policy had the last word, as the vendor names it. */
  readonly policyType?: 'AccountLevelIdentityBasedPolicy' | 'SessionPolicy';
  /** Every statement that names the action, in the order in which it was looked at. */
  readonly considered: readonly Considered[];
  /** One sentence for people. */
  readonly explanation: string;
}

const NAME_LIMIT_CHARS = 512;

/**
 * Decides one call. Pure. The account owner is not limited by RAM policies. Of every kind of policy a Deny that applies
 * decides, else an Allow that applies, else nobody said yes and the answer is no; a session's own policy is asked first
 * and can only narrow (https://www.alibabacloud.com/help/en/ram/user-guide/policy-evaluation-process).
 */
export function decide({ principal, action, resource }: DecisionRequest): Decision {
  const request = { principal, action, resource };
  if (principal.kind === 'root') {
    const explanation = `${principal.arn} owns the account and is not limited by policies.`;
    return { ...request, allowed: true, reason: 'AccountOwner', considered: [], explanation };
  }
  // Nothing has so long a name, and to compare one with a pattern costs as much as both are long, multiplied.
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
 * Decides a call on a thing that has several names, of which a policy may give any: a Deny of one decides, else an Allow of
 * one. The last name is the narrowest, by which a refusal goes.
 */
export function decideAny(call: Omit<DecisionRequest, 'resource'>, resources: readonly string[]): Decision {
  const decisions = resources.map((resource) => decide({ ...call, resource }));
  const decision =
    decisions.find(({ reason }) => reason === 'ExplicitDeny') ??
    decisions.find(({ allowed }) => allowed) ??
    decisions.at(-1);
  if (!decision) throw new Error('a decision on no resource');
  return decision;
}

/** What conditions can ask for, as text. */
export function conditionValues(call: Circumstances | undefined): ConditionValues {
  // No key of this server is bound to a second factor.
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
  { effect, actions, except, resources, condition }: Statement,
  { action, resource }: DecisionRequest,
  values: ConditionValues,
): Considered['outcome'] | undefined {
  if (actions.some((pattern) => actionCovers(pattern, action)) === except) return undefined;
  if (!resources.some((pattern) => resourceCovers(pattern, resource))) return 'another resource';
  const holds = conditionHolds(condition, values);
  if (holds === false) return 'condition does not hold';
  // What cannot be judged never grants, and never spares.
  return holds === undefined && effect === 'Allow' ? 'condition cannot be judged' : 'applies';
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
