import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide } from './decide.ts';
import { globCovers } from './glob.ts';
import { parsePolicy } from './policy.ts';
import type { Principal } from './principal.ts';

// A second evaluator, written for being obvious: regular expressions for patterns, dates and numbers by the language,
// addresses as texts of bits. It knows the grammar of 2 keys and 6 operators; random policies use no others.

const RUNS = process.env.SLIPWAY_TEST_LONG === '1' ? 200_000 : 3_000;

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
}

function naive(statements: NaiveStatement[], call: Call): 'Allow' | 'ExplicitDeny' | 'ImplicitDeny' {
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

function matches(pattern: string, text: string, flags = ''): boolean {
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
  const text = key === 'acs:SourceIp' ? call.sourceIp : new Date(call.timeMs).toISOString();
  if (text === undefined) return 'unknown';
  const negated = operator.includes('Not');
  const some = wanted.some((value) => {
    if (operator.endsWith('IpAddress')) return bits(text).startsWith(prefix(value));
    if (operator.startsWith('String')) return matches(value, text);
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

test('decides random policies as a naive evaluator does', () => {
  const calls = fc.record({
    action: actions,
    resource: resources,
    timeMs: times,
    sourceIp: fc.option(addresses, { nil: undefined }),
  });
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(statements, { minLength: 1, maxLength: 4 }), calls, (list, call) => {
      const policy = parsePolicy(JSON.stringify({ Version: '1', Statement: list }));
      const { reason } = decide({ principal: user(policy, call), action: call.action, resource: call.resource });
      const expected = naive(list, call);
      seen.add(expected);
      return reason === expected;
    }),
    { numRuns: RUNS },
  );
  assert.deepEqual([...seen].sort(), ['Allow', 'ExplicitDeny', 'ImplicitDeny']);
});

test('a pattern covers what the regular expression of it matches, and takes no time to refuse', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((list) => list.join(''));
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((list) => list.join(''));
  fc.assert(fc.property(pattern, text, (one, other) => globCovers(one, other) === matches(one, other)));
  assert.equal(globCovers(`${'a*'.repeat(2000)}b`, 'a'.repeat(4000)), false);
});

function user(policy: ReturnType<typeof parsePolicy>, { timeMs, sourceIp }: Call): Principal {
  const named = { accountId: '1', accessKeyId: 'k', arn: 'acs:ram::1:user/u', userId: '1', userName: 'u' };
  const attached = { name: 'p', type: 'Custom' as const, through: 'user u', policy };
  return { kind: 'user', ...named, policies: [attached], call: { timeMs, sourceIp, secureTransport: false } };
}
