import { type Condition, type ConditionValues, conditionHolds } from './condition.ts';
import { object, onlyKeys, PolicyMistake, parseCondition, parseDocument, parseEffect, texts } from './policy.ts';

/** A role's policy about who may assume it. */
export interface TrustPolicy {
  readonly statements: readonly TrustStatement[];
}

interface TrustStatement {
  readonly effect: 'Allow' | 'Deny';
  /** `acs:ram::<account>:root` for everyone in the account, or a single user or role. */
  readonly arns: readonly string[];
  readonly condition: Condition;
}

const ACTION = 'sts:AssumeRole';
const ARN = /^acs:ram::(\d{1,32}|\*):(root|(user|role|assumed-role)\/[\w.@/*-]+)$/;

/**
 * Reads a trust policy: a policy whose statements have `Principal` instead of `Resource`, and the action `sts:AssumeRole`. Only
 * RAM principals are evaluated. Service and Federated principals are accepted in the text, but no caller is one. Throws
 * `PolicyMistake`.
 */
export function parseTrustPolicy(text: string): TrustPolicy {
  const statements = parseDocument(text, (value, place) => {
    onlyKeys(value, place, ['Effect', 'Action', 'Principal', 'Condition']);
    const actions = texts(value.Action, `${place}.Action`);
    if (!actions.every((action) => action.toLowerCase() === ACTION.toLowerCase())) {
      throw new PolicyMistake(`${place}.Action must be "${ACTION}"`);
    }
    const principal = object(value.Principal, `${place}.Principal`);
    onlyKeys(principal, `${place}.Principal`, ['RAM', 'Service', 'Federated']);
    if (Object.keys(principal).length === 0) throw new PolicyMistake(`${place}.Principal names nobody`);
    const arns = principal.RAM === undefined ? [] : texts(principal.RAM, `${place}.Principal.RAM`);
    const bad = arns.find((arn) => !ARN.test(arn));
    if (bad !== undefined) {
      throw new PolicyMistake(
        `${place}.Principal.RAM: ${JSON.stringify(bad)} is not of the form acs:ram::account:root`,
      );
    }
    const condition = parseCondition(value.Condition, `${place}.Condition`);
    return { effect: parseEffect(value.Effect, place), arns, condition };
  });
  return { statements };
}

/** Whether the role trusts this caller of the same account: an Allow names the caller, and no Deny does. */
export function trusts(
  policy: TrustPolicy,
  caller: { accountId: string; arn: string },
  values: ConditionValues,
): boolean {
  const naming = policy.statements.filter(({ arns }) => arns.some((arn) => names(arn, caller)));
  const denies = naming.some(
    ({ effect, condition }) => effect === 'Deny' && conditionHolds(condition, values) !== false,
  );
  if (denies) return false;
  return naming.some(({ effect, condition }) => effect === 'Allow' && conditionHolds(condition, values) === true);
}

function names(arn: string, caller: { accountId: string; arn: string }): boolean {
  if (arn === caller.arn || arn === `acs:ram::${caller.accountId}:root`) return true;
  // The ARN of a role covers all its sessions.
  return caller.arn.startsWith(`${arn.replace(':role/', ':assumed-role/')}/`) && arn.includes(':role/');
}
