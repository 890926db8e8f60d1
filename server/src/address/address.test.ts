import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressRefused, allowedAddresses, denyingRule, resolvePinned } from './address.ts';

const NONE = allowedAddresses([]);

test('loopback, private, link-local and metadata addresses are denied in every spelling, public ones are not', () => {
  const denied = [
    ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.1.1.1', '172.31.255.255', '192.168.0.1', '169.254.169.254'],
    ...['100.100.100.200', '224.0.0.1', '255.255.255.255', '::1', '::', '::127.0.0.1', '::ffff:127.0.0.1'],
    ...['::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1'],
  ];
  for (const address of denied) assert.notEqual(denyingRule(address, NONE), undefined, address);
  for (const address of ['1.1.1.1', '203.0.113.80', '2606:4700::1111'])
    assert.equal(denyingRule(address, NONE), undefined, address);
});

test('an operator can allow a range, and only that', () => {
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
      /^localhost leads to (127\.0\.0\.1|::1), .*loopback.*allow-addresses/.test(error.message),
  );
});

test('a range that is none is refused by its text', () => {
  assert.throws(() => allowedAddresses(['10.0.0.0/33']), /"10\.0\.0\.0\/33" is not an address range/);
  assert.throws(() => allowedAddresses(['intranet']), /"intranet"/);
});
