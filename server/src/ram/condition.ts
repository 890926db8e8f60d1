import { ipInRange, parseIpRange } from '#address/ip-range.ts';
import { globCovers } from './glob.ts';

/** A call's values for condition keys, as text. An absent key means that the value is unknown. */
export type ConditionValues = Readonly<Record<string, string>>;

/** Operator → key → values. Every operator and every key must hold; for a key, one matching value is enough. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** How an operator works: whether a policy's value is valid for it, and whether a call's value matches. */
interface Operator {
  readonly negated: boolean;
  readonly readable: (wanted: string) => boolean;
  readonly meets: (given: string, wanted: string) => boolean;
}

/** The condition keys that policies can use (https://www.alibabacloud.com/help/en/ram/policy-elements). */
export const CONDITION_KEYS = [
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
 * Whether a condition holds; `undefined` if it depends on a value that is unknown for the call. To be safe, treat an Allow as
 * applying only on `true`, and a Deny as applying unless `false`.
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

/** The key in its canonical spelling, found ignoring case. Undefined for an unknown key. */
export function canonicalKey(key: string): string | undefined {
  return CONDITION_KEYS.find((known) => known.toLowerCase() === key.toLowerCase());
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

/** Parses ISO 8601 with a time zone; a date alone means midnight UTC. */
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
