import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipInRange, parseIpRange } from '#address/ip-range.ts';
import { conditionHolds, operators } from './condition.ts';

const VALUES = {
  'acs:CurrentTime': '2026-06-01T12:00:00.000Z',
  'acs:SecureTransport': 'true',
  'acs:SourceIp': '10.1.2.3',
  'acs:MFAPresent': 'false',
  'sts:ExternalId': 'Partner-7',
};

const TABLE: [operator: string, key: keyof typeof VALUES, wanted: string[], holds: boolean][] = [
  ['StringEquals', 'sts:ExternalId', ['x', 'Partner-7'], true],
  ['StringEquals', 'sts:ExternalId', ['partner-7'], false],
  ['StringNotEquals', 'sts:ExternalId', ['partner-7'], true],
  ['StringNotEquals', 'sts:ExternalId', ['x', 'Partner-7'], false],
  ['StringEqualsIgnoreCase', 'sts:ExternalId', ['PARTNER-7'], true],
  ['StringNotEqualsIgnoreCase', 'sts:ExternalId', ['PARTNER-7'], false],
  ['StringLike', 'sts:ExternalId', ['Partner-?'], true],
  ['StringNotLike', 'sts:ExternalId', ['P*'], false],
  ['NumericEquals', 'sts:ExternalId', ['7'], false],
  ['DateEquals', 'acs:CurrentTime', ['2026-06-01T14:00:00+02:00'], true],
  ['DateNotEquals', 'acs:CurrentTime', ['2026-06-01T12:00:00Z'], false],
  ['DateLessThan', 'acs:CurrentTime', ['2026-06-01T12:00:00Z'], false],
  ['DateLessThanEquals', 'acs:CurrentTime', ['2026-06-01T12:00:00Z'], true],
  ['DateGreaterThan', 'acs:CurrentTime', ['2026-06-01'], true],
  ['DateGreaterThanEquals', 'acs:CurrentTime', ['2026-06-02'], false],
  ['Bool', 'acs:SecureTransport', ['True'], true],
  ['Bool', 'acs:MFAPresent', ['true'], false],
  ['IpAddress', 'acs:SourceIp', ['192.168.0.0/16', '10.0.0.0/8'], true],
  ['IpAddress', 'acs:SourceIp', ['10.1.2.3'], true],
  ['NotIpAddress', 'acs:SourceIp', ['10.1.2.0/24'], false],
];

test('each operator compares as its name says, and one matching value of several is enough', () => {
  for (const [operator, key, wanted, holds] of TABLE) {
    assert.equal(conditionHolds({ [operator]: { [key]: wanted } }, VALUES), holds, `${operator} ${wanted}`);
  }
  const numeric = { ...VALUES, 'sts:ExternalId': '7.5' };
  for (const [name, wanted, holds] of [
    ['NumericEquals', '7.50', true],
    ['NumericNotEquals', '7.5', false],
    ['NumericLessThan', '8', true],
    ['NumericLessThanEquals', '7.5', true],
    ['NumericGreaterThan', '-8', true],
    ['NumericGreaterThanEquals', '7.6', false],
  ] as const) {
    assert.equal(conditionHolds({ [name]: { 'sts:ExternalId': [wanted] } }, numeric), holds, name);
  }
});

test('all keys of all operators must hold, keys ignore case, and an unknown value gives an undefined result', () => {
  const both = { StringLike: { 'STS:externalid': ['P*'] }, Bool: { 'acs:SecureTransport': ['false'] } };
  assert.equal(conditionHolds(both, VALUES), false);
  assert.equal(conditionHolds({ StringLike: { 'STS:externalid': ['P*'] } }, VALUES), true);
  assert.equal(conditionHolds({ Bool: { 'acs:SecureTransport': ['true'] } }, {}), undefined);
  assert.equal(conditionHolds({ Invented: { 'acs:SourceIp': ['*'] } }, VALUES), undefined);
  assert.equal(conditionHolds({}, {}), true);
});

test('all operators of the policy language exist, and no others', () => {
  const ordered = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
  const texts = ['Equals', 'EqualsIgnoreCase', 'Like'].flatMap((name) => [`String${name}`, `StringNot${name}`]);
  const expected = [...texts, ...['Numeric', 'Date'].flatMap((kind) => ordered.map((name) => kind + name))];
  assert.deepEqual([...operators.keys()].sort(), [...expected, 'Bool', 'IpAddress', 'NotIpAddress'].sort());
});

test('parses addresses and ranges of both families strictly, and treats an IPv4-mapped address as IPv4', () => {
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4/33',
    '1.2.3.4/',
    '::1::',
    'g::',
    '1:2:3:4:5:6:7',
    'a/b',
  ])
    assert.equal(parseIpRange(text), undefined, text);
  const inside = (address: string, range: string) => {
    const parsed = parseIpRange(range);
    assert.ok(parsed, range);
    return ipInRange(address, parsed);
  };
  assert.ok(inside('10.255.0.1', '10.0.0.0/8'));
  assert.ok(inside('::ffff:10.0.0.1', '10.0.0.0/8'));
  assert.ok(inside('2001:db8::1', '2001:db8::/32'));
  assert.ok(inside('fe80::1%eth0', 'fe80::/10'));
  assert.ok(!inside('2001:db9::1', '2001:db8::/32'));
  assert.ok(!inside('11.0.0.1', '10.0.0.0/8'));
  assert.ok(!inside('not an address', '0.0.0.0/0'));
});
