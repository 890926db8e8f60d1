import { globCovers } from './glob.ts';
import { ipInRange, parseIpRange } from './ip-range.ts';

/** What a call says under the keys of conditions, as text; a key that is not there is not known. */
export type ConditionValues = Readonly<Record<string, string>>;

/** Operator → key → values: each operator and each key must hold, of a key's values one. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** How an operator compares: whether one of a policy's values is readable, and whether a call's value meets it. */
interface Operator {
  readonly negated: boolean;
  readonly readable: (wanted: string) => boolean;
  readonly meets: (given: string, wanted: string) => boolean;
}

/** The keys that policies may ask for (https://www.alibabacloud.com/help/en/ram/policy-elements). */
export const conditionKeys = [
  'acs:CurrentTime',
  'acs:SecureTransport',
  'acs:SourceIp',
  'acs:MFAPresent',
  'sts:ExternalId',
] as const;

/** Every operator of the policy language, by name. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...both('String', 'Equals', anything, (given, wanted) => given === wanted),
  ...both('String', 'EqualsIgnoreCase', anything, (given, wanted) => given.toLowerCase() === wanted.toLowerCase()),
  ...both('String', 'Like', anything, (given, wanted) => globCovers(wanted, given)),
  ...ordered('Numeric', parseNumber),
  ...ordered('Date', parseDate),
  ...both('', 'Bool', isBool, (given, wanted) => given === wanted.toLowerCase()).slice(0, 1),
  ...both('', 'IpAddress', isIpRange, inRange),
]);

/**
 * Whether a condition holds; `undefined` where it asks for something that is not known of the call. Whoever judges
 * must then be careful: an Allow needs `true`, a Deny applies unless `false`.
 */
export function conditionHolds(condition: Condition, values: ConditionValues): boolean | undefined {
  let known = true;
  for (const [name, keys] of Object.entries(condition)) {
    const operator = operators.get(name);
    for (const [key, wanted] of Object.entries(keys)) {
      const given = values[canonicalKey(key) ?? ''];
      if (operator === undefined || given === undefined) known = false;
      else if (wanted.some((one) => operator.meets(given, one)) === operator.negated) return false;
    }
  }
  return known ? true : undefined;
}

/** The key as this page writes it; keys are compared without regard to case. Undefined for an unknown one. */
export function canonicalKey(key: string): string | undefined {
  return conditionKeys.find((known) => known.toLowerCase() === key.toLowerCase());
}

type Named = readonly [string, Operator];

function both(kind: string, name: string, readable: Operator['readable'], meets: Operator['meets']): Named[] {
  return [
    [`${kind}${name}`, { negated: false, readable, meets }],
    [`${kind}Not${name}`, { negated: true, readable, meets }],
  ];
}

function ordered(kind: string, parse: (text: string) => number): Named[] {
  const readable = (wanted: string) => !Number.isNaN(parse(wanted));
  const compare = (holds: (given: number, wanted: number) => boolean): Operator['meets'] => {
    return (given, wanted) => holds(parse(given), parse(wanted));
  };
  const one = (name: string, holds: (given: number, wanted: number) => boolean): Named => {
    return [`${kind}${name}`, { negated: false, readable, meets: compare(holds) }];
  };
  return [
    ...both(
      kind,
      'Equals',
      readable,
      compare((given, wanted) => given === wanted),
    ),
    one('LessThan', (given, wanted) => given < wanted),
    one('LessThanEquals', (given, wanted) => given <= wanted),
    one('GreaterThan', (given, wanted) => given > wanted),
    one('GreaterThanEquals', (given, wanted) => given >= wanted),
  ];
}

function anything(): boolean {
  return true;
}

function parseNumber(text: string): number {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
}

/** ISO 8601 with its zone; a date alone is midnight UTC. */
function parseDate(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

function isBool(wanted: string): boolean {
  return /^(true|false)$/i.test(wanted);
}

function isIpRange(wanted: string): boolean {
  return parseIpRange(wanted) !== undefined;
}

function inRange(given: string, wanted: string): boolean {
  const range = parseIpRange(wanted);
  return range !== undefined && ipInRange(given, range);
}
