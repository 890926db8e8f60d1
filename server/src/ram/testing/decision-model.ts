import fc from 'fast-check';
import { decide } from '../decide.ts';
import { parsePolicy } from '../policy.ts';
import type { RolePrincipal } from '../principal.ts';

// A second evaluator, written to be obviously correct: regular expressions for patterns, the language's own dates and numbers,
// and addresses as strings of bits. It supports 3 keys and 10 operators, and the random policies use only these.

interface NaiveStatement {
  Effect: 'Allow' | 'Deny';
  Action?: string[];
  NotAction?: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string[]>>;
}

interface Call {
  action: string;
  resource: string;
  timeMs: number;
  sourceIp: string | undefined;
  secureTransport: boolean;
}

type Verdict = 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';

/**
 * Decides `runs` random calls under random policies of roles and their sessions. If `decide` and the naive evaluator differ,
 * throws with the seed and the smallest such case. Returns how often each verdict occurred.
 */
export function compareDecisions(runs: number, seed: number): Map<Verdict, number> {
  const seen = new Map<Verdict, number>();
  fc.assert(
    fc.property(policies, sessionPolicies, calls, (own, session, call) => {
      const principal = sessionOf(own, session, call);
      const { reason } = decide({ principal, action: call.action, resource: call.resource });
      const cut = session && naive(session, call);
      const expected = cut === undefined || cut === 'Allow' ? naive(own, call) : cut;
      seen.set(expected, (seen.get(expected) ?? 0) + 1);
      return reason === expected;
    }),
    { numRuns: runs, seed },
  );
  return seen;
}

function naive(statements: NaiveStatement[], call: Call): Verdict {
  const hits = statements.filter((statement) => {
    const named = (statement.Action ?? statement.NotAction ?? []).some((one) => matches(one, call.action, 'i'));
    if (named !== (statement.Action !== undefined)) return false;
    if (!statement.Resource.some((one) => resourceMatches(one, call.resource))) return false;
    const results = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, wanted]) => conditionResult(operator, key, wanted, call)),
    );
    if (results.includes('no')) return false;
    return !results.includes('unknown') || statement.Effect === 'Deny';
  });
  if (hits.some(({ Effect }) => Effect === 'Deny')) return 'ExplicitDeny';
  return hits.length > 0 ? 'Allow' : 'ImplicitDeny';
}

/** Whether a pattern, turned into a regular expression, matches a text. */
export function matches(pattern: string, text: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '[^*]');
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
}

function resourceMatches(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  const [, , region, account, ...rest] = pattern.split(':');
  if (resource === '*') return [region, account, rest.join(':')].every((part) => part === '*');
  const given = resource.split(':');
  const wanted = pattern.split(':');
  return (
    [0, 1, 2, 3].every((i) => matches(wanted[i] ?? '', given[i] ?? '')) &&
    matches(wanted.slice(4).join(':'), given.slice(4).join(':'))
  );
}

function conditionResult(operator: string, key: string, wanted: string[], call: Call): 'yes' | 'no' | 'unknown' {
  const values: Record<string, string | undefined> = {
    'acs:SourceIp': call.sourceIp,
    'acs:SecureTransport': String(call.secureTransport),
    'acs:CurrentTime': new Date(call.timeMs).toISOString(),
  };
  const text = values[key];
  if (text === undefined) return 'unknown';
  const negated = operator.includes('Not');
  const some = wanted.some((value) => {
    if (operator.endsWith('IpAddress')) return bits(text).startsWith(prefix(value));
    if (operator === 'Bool') return text === value;
    if (operator.endsWith('IgnoreCase')) return text.toUpperCase() === value.toUpperCase();
    if (operator.endsWith('Like')) return matches(value, text);
    if (operator.startsWith('String')) return text === value;
    if (operator === 'DateLessThan') return Date.parse(text) < Date.parse(value);
    return Date.parse(text) >= Date.parse(value);
  });
  return some !== negated ? 'yes' : 'no';
}

function bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function prefix(range: string): string {
  const [address = '', length = '32'] = range.split('/');
  return bits(address).slice(0, Number(length));
}

const piece = fc.constantFrom('a', 'b', 'A', 'ab', '*', '?', 'a*', '*b', 'a?b', 'repo');
const actions = fc.constantFrom('cr:GetA', 'cr:GetB', 'cr:ListAB', 'ram:GetA');
const actionPatterns = fc.constantFrom('*', 'cr:*', 'cr:Get*', 'cr:get?', 'CR:LISTAB', 'ram:*', 'c?:*A*', 'cr:Get');
const plain = fc.constantFrom('a', 'b', 'ab', 'aab', 'repo', '*');
const resources = fc.oneof(
  fc.constant('*'),
  fc.tuple(plain, plain, plain).map(([x, y, z]) => `acs:cr:local:1:repository/${x}/${y}/${z}`),
);
const resourcePatterns = fc.oneof(
  fc.constantFrom('*', 'acs:cr:*:*:*', 'acs:cr:local:*:*', 'acs:*:*:1:*', 'acs:ram:*:*:*'),
  fc.tuple(piece, piece, piece).map(([x, y, z]) => `acs:cr:*:*:repository/${x}/${y}/${z}`),
);
const addresses = fc.tuple(fc.constantFrom(10, 11, 192), fc.nat(3), fc.nat(255)).map(([a, b, c]) => `${a}.${b}.0.${c}`);
const ranges = fc.tuple(addresses, fc.integer({ min: 0, max: 32 })).map(([ip, length]) => `${ip}/${length}`);
const times = fc.integer({ min: 0, max: 20 }).map((i) => Date.UTC(2026, 0, 1 + i));
const dates = times.map((timeMs) => new Date(timeMs).toISOString());
const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 3 });
const condition = fc.oneof(
  fc.record({ IpAddress: fc.record({ 'acs:SourceIp': some(ranges) }) }),
  fc.record({ NotIpAddress: fc.record({ 'acs:SourceIp': some(ranges) }) }),
  fc.record({ StringLike: fc.record({ 'acs:SourceIp': some(fc.constantFrom('10.*', '*', '19?.*', '1')) }) }),
  fc.record({ StringNotLike: fc.record({ 'acs:SourceIp': some(fc.constantFrom('10.*', '11.*')) }) }),
  fc.record({ StringEquals: fc.record({ 'acs:SourceIp': some(addresses) }) }),
  fc.record({ StringNotEquals: fc.record({ 'acs:SecureTransport': some(fc.constantFrom('true', 'TRUE')) }) }),
  fc.record({ StringEqualsIgnoreCase: fc.record({ 'acs:SecureTransport': some(fc.constantFrom('True', 'no')) }) }),
  fc.record({ Bool: fc.record({ 'acs:SecureTransport': some(fc.constantFrom('true', 'false')) }) }),
  fc.record({ DateLessThan: fc.record({ 'acs:CurrentTime': some(dates) }) }),
  fc.record({ DateGreaterThanEquals: fc.record({ 'acs:CurrentTime': some(dates) }) }),
);
const statements = fc
  .tuple(
    fc.constantFrom('Allow', 'Deny'),
    fc.constantFrom('Action', 'NotAction'),
    some(actionPatterns),
    some(resourcePatterns),
    fc.option(condition, { nil: undefined }),
  )
  .map(([Effect, kind, patterns, Resource, Condition]) => {
    return { Effect, [kind]: patterns, Resource, ...(Condition ? { Condition } : {}) } as unknown as NaiveStatement;
  });

const policies = fc.array(statements, { minLength: 1, maxLength: 4 });
const sessionPolicies = fc.option(fc.array(statements, { minLength: 1, maxLength: 3 }), { nil: undefined });
const calls = fc.record({
  action: actions,
  resource: resources,
  timeMs: times,
  sourceIp: fc.option(addresses, { nil: undefined }),
  secureTransport: fc.boolean(),
});

function sessionOf(
  own: NaiveStatement[],
  session: NaiveStatement[] | undefined,
  { timeMs, sourceIp, secureTransport }: Call,
): RolePrincipal {
  const attached = { name: 'p', type: 'Custom' as const, through: 'role r', policy: policyOf(own) };
  return {
    kind: 'assumed-role',
    accountId: '1',
    accessKeyId: 'k',
    arn: 'acs:ram::1:assumed-role/r/s',
    roleId: '1',
    roleName: 'r',
    sessionName: 's',
    policies: [attached],
    sessionPolicy: session && { document: '', policy: policyOf(session) },
    call: { timeMs, sourceIp, secureTransport },
  };
}

function policyOf(statements: NaiveStatement[]) {
  return parsePolicy(JSON.stringify({ Version: '1', Statement: statements }));
}
