import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { egressRules } from '#sandbox/box/egress-rules.ts';
import { AddressRefused, allowedAddresses, denyingRule, resolvePinned } from './address.ts';
import { DENIED_IPV4_RANGES } from './denied-ranges.ts';

const NONE = allowedAddresses([]);

test('denies loopback, private, link-local and metadata addresses in every spelling, and no public address', () => {
  const denied = [
    ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.100.100.200', '100.127.255.255'],
    ...['127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.0.0', '169.254.169.254', '169.254.255.255', '172.16.0.0'],
    ...['172.31.255.255', '192.0.0.0', '192.0.0.255', '192.0.2.1', '192.88.99.1', '192.168.0.1', '192.168.255.255'],
    ...['198.18.0.0', '198.19.255.255', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::127.0.0.1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    ...[
      '::ffff:0:127.0.0.1',
      '::ffff:0:7f00:1',
      '64:ff9b::7f00:1',
      '64:ff9b::8.8.8.8',
      '64:ff9b:1::1',
      '2002:7f00:1::',
    ],
    ...['2001::1', '2001:0:7f00:1::', '2001:10::1', '2001:1ff:ffff::1', '2001:db8::1', '3fff::1', '3ffe::1', '100::1'],
    ...['fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%lo', 'febf::1', 'fec0::1', 'feff::1', 'ff02::1', '5f00::1', '4000::'],
    ...['1fff::1', '8000::1', 'e000::1'],
  ];
  for (const address of denied) assert.notEqual(denyingRule(address, NONE, []), undefined, address);
  const open = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ];
  open.push('172.15.255.255', '172.32.0.0', '192.0.1.1', '192.167.255.255', '198.17.255.255', '198.20.0.0');
  open.push('203.0.113.80', '223.255.255.255', '2606:4700::1111', '2001:200::1', '2001:4860:4860::8888', '2003::1');
  for (const address of open) assert.equal(denyingRule(address, NONE, []), undefined, address);
});

test('denies the machine’s own addresses, even public ones, until an operator allows them', () => {
  const own = ['203.0.113.9', '2606:4700::9', 'fe80::1'];
  for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2606:4700:0::9'])
    assert.match(denyingRule(address, NONE, own) ?? '', /this machine itself|IPv4-mapped/, address);
  assert.equal(denyingRule('203.0.113.10', NONE, own), undefined);
  assert.equal(denyingRule('203.0.113.9', allowedAddresses(['203.0.113.9']), own), undefined);
  // The current addresses of every interface.
  for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? []))
    assert.notEqual(denyingRule(address, NONE), undefined, address);
});

test('the packet filter of builds blocks the same IPv4 ranges that the address check denies', () => {
  const rules = egressRules([], []);
  const closed = /ip daddr \{ (.*?) \} reject/.exec(rules)?.[1]?.split(', ') ?? [];
  assert.deepEqual(closed, DENIED_IPV4_RANGES);
  for (const range of closed) {
    const first = range.split('/')[0] ?? '';
    assert.match(denyingRule(first, NONE, []) ?? '', new RegExp(range.replaceAll('.', '\\.')), range);
  }
  assert.match(rules, /meta nfproto ipv6 drop/);
});

test('an operator can allow a range, and only that range is allowed', () => {
  const allowed = allowedAddresses(['127.0.0.1', '10.0.0.0/24']);
  assert.equal(denyingRule('127.0.0.1', allowed), undefined);
  assert.equal(denyingRule('::ffff:127.0.0.1', allowed), undefined);
  assert.equal(denyingRule('10.0.0.77', allowed), undefined);
  assert.match(denyingRule('127.0.0.2', allowed) ?? '', /loopback/);
  assert.match(denyingRule('10.0.1.1', allowed) ?? '', /private/);
});

test('a refusal names the address, the rule and the setting', async () => {
  await assert.rejects(
    resolvePinned('localhost', NONE),
    (error: unknown) =>
      error instanceof AddressRefused &&
      /^localhost resolves to (127\.0\.0\.1|::1), .*loopback.*allow-addresses/.test(error.message),
  );
});

test('an error about an invalid range quotes it', () => {
  assert.throws(() => allowedAddresses(['10.0.0.0/33']), /"10\.0\.0\.0\/33" is not an address range/);
  assert.throws(() => allowedAddresses(['intranet']), /"intranet"/);
});
