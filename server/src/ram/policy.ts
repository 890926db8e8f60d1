import { type Condition, canonicalKey, operators } from './condition.ts';

/** A valid policy. Its texts are kept as written. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/** One rule: its effect, and the actions, resources and condition it applies to. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** The actions it covers or, with `except`, all actions other than these. */
  readonly actions: readonly string[];
  readonly except: boolean;
  readonly resources: readonly string[];
  readonly condition: Condition;
}

/** A policy that breaks the grammar. The message tells its author where and why. */
export class PolicyMistake extends Error {
  override readonly name = 'PolicyMistake';
  /** Where it is, such as `Statement[0].Action[2]`; empty if it is about the whole text. */
  readonly place: string;

  constructor(message: string, place = '') {
    super(message);
    this.place = place;
  }
}

const LIST_LIMIT = 200;

/**
 * Reads a policy:
 *
 *     {"Version": "1", "Statement": [{"Effect": "Allow" | "Deny", "Action" | "NotAction": …, "Resource": …, "Condition": {…}}]}
 *
 * with a string or a list of strings for each `…`. Unknown fields are refused, never ignored, because a rule must not be stored
 * if it would be read differently from how it was meant. Throws `PolicyMistake`. Source: RAM, policy structure and syntax.
 */
export function parsePolicy(text: string): Policy {
  const statements = parseDocument(text, (value, place) => {
    onlyKeys(value, place, ['Effect', 'Action', 'NotAction', 'Resource', 'Condition']);
    if ((value.Action === undefined) === (value.NotAction === undefined)) {
      throw new PolicyMistake(`${place} must have one of Action and NotAction`, place);
    }
    const except = value.NotAction !== undefined;
    const actions = texts(except ? value.NotAction : value.Action, `${place}.${except ? 'NotAction' : 'Action'}`);
    const badAction = actions.findIndex((action) => !isActionPattern(action));
    if (badAction !== -1) {
      const action = JSON.stringify(actions[badAction]);
      const at = `${place}.${except ? 'NotAction' : 'Action'}[${badAction}]`;
      throw new PolicyMistake(`${place}: the action ${action} is not of the form service:Action`, at);
    }
    const resources = texts(value.Resource, `${place}.Resource`);
    const badResource = resources.findIndex((resource) => !isResourcePattern(resource));
    if (badResource !== -1) {
      const resource = JSON.stringify(resources[badResource]);
      const form = 'acs:service:region:account:resource';
      const at = `${place}.Resource[${badResource}]`;
      throw new PolicyMistake(`${place}: the resource ${resource} is neither * nor ${form}`, at);
    }
    const condition = parseCondition(value.Condition, `${place}.Condition`);
    return { effect: parseEffect(value.Effect, place), actions, except, resources, condition };
  });
  return { statements };
}

/** Reads `Version` and `Statement`, and each statement with `parse`. Throws `PolicyMistake`. */
export function parseDocument<S>(text: string, parse: (value: Record<string, unknown>, place: string) => S): S[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new PolicyMistake(`the policy is not JSON: ${(error as Error).message}`);
  }
  const policy = object(document, 'the policy');
  onlyKeys(policy, 'the policy', ['Version', 'Statement']);
  if (policy.Version !== '1') throw new PolicyMistake('Version must be "1"', 'Version');
  const list = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  if (list.length === 0) throw new PolicyMistake('Statement must have at least one entry', 'Statement');
  if (list.length > LIST_LIMIT) throw new PolicyMistake(`Statement has more than ${LIST_LIMIT} entries`, 'Statement');
  return list.map((value, i) => parse(object(value, `Statement[${i}]`), `Statement[${i}]`));
}

/** `Effect` of a statement. Throws `PolicyMistake`. */
export function parseEffect(value: unknown, place: string): 'Allow' | 'Deny' {
  if (value !== 'Allow' && value !== 'Deny')
    throw new PolicyMistake(`${place}.Effect must be "Allow" or "Deny"`, `${place}.Effect`);
  return value;
}

/** `Condition` of a statement, empty if absent. Throws `PolicyMistake`. */
export function parseCondition(value: unknown, place: string): Condition {
  if (value === undefined) return {};
  const condition: Record<string, Record<string, string[]>> = {};
  for (const [name, keys] of Object.entries(object(value, place))) {
    const operator = operators.get(name);
    if (!operator)
      throw new PolicyMistake(`${place} has the unknown operator ${JSON.stringify(name)}`, `${place}.${name}`);
    const wanted: Record<string, string[]> = {};
    for (const [key, values] of Object.entries(object(keys, `${place}.${name}`))) {
      const known = canonicalKey(key);
      if (known === undefined) {
        const at = `${place}.${name}.${key}`;
        throw new PolicyMistake(`${place}.${name} has the unknown key ${JSON.stringify(key)}`, at);
      }
      wanted[known] = texts(values, `${place}.${name}.${key}`);
      const unreadable = wanted[known].find((one) => !operator.readable(one));
      if (unreadable !== undefined) {
        throw new PolicyMistake(
          `${place}.${name}.${key}: ${JSON.stringify(unreadable)} is not a valid value for ${name}`,
          `${place}.${name}.${key}`,
        );
      }
    }
    condition[name] = wanted;
  }
  return condition;
}

/** A string or a list of strings. Throws `PolicyMistake`. */
export function texts(value: unknown, place: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyMistake(`${place} is an empty list`, place);
  if (list.length > LIST_LIMIT) throw new PolicyMistake(`${place} has more than ${LIST_LIMIT} entries`, place);
  if (!list.every((entry) => typeof entry === 'string' && entry !== '')) {
    throw new PolicyMistake(`${place} must be a string or a list of strings`, place);
  }
  return list as string[];
}

/** A JSON object. Throws `PolicyMistake`. */
export function object(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyMistake(`${place} must be an object`, place);
  }
  return value as Record<string, unknown>;
}

/** Refuses unknown fields. Throws `PolicyMistake`. */
export function onlyKeys(value: Record<string, unknown>, place: string, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const fields = known.join(', ');
    const at = place.startsWith('Statement') ? `${place}.${unknown}` : unknown;
    throw new PolicyMistake(`${place} has the unknown field ${JSON.stringify(unknown)}; its fields are ${fields}`, at);
  }
}

function isActionPattern(action: string): boolean {
  return action === '*' || /^[a-z0-9*?-]+:[A-Za-z0-9*?]+$/i.test(action);
}

function isResourcePattern(resource: string): boolean {
  return /^\*+$/.test(resource) || /^acs:[a-z0-9*?-]+:[^:]*:[^:]*:.+$/.test(resource);
}
