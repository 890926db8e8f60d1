import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { skipReason } from '../testing/sandbox.ts';
import { checkedRange, egressRules } from './egress-rules.ts';
import { parseRefusedConnections } from './refused-connections.ts';

test('checks the operator’s exceptions before it denies the host and the private ranges', () => {
  const rules = egressRules(['203.0.113.9', 'fe80::1'], ['10.1.0.0/16']).split('\n');
  const at = (text: string): number => {
    const found = rules.findIndex((rule) => rule.includes(text));
    assert.ok(found > 0, text);
    return found;
  };
  assert.ok(at('elements = { 203.0.113.9 }') < at('10.1.0.0/16'));
  assert.ok(at('10.1.0.0/16') < at('ip daddr @own'));
  assert.ok(at('ip daddr @own') < at('169.254.0.0/16'));
  assert.ok(at('169.254.0.0/16') < rules.findIndex((rule) => rule.trim() === 'oifname "tap0" accept'));
  assert.ok(at('ipv6 drop') < at('10.1.0.0/16'));
  assert.ok(!rules.some((rule) => rule.includes('fe80')));
});

test('accepts only addresses and networks, nothing that nft could read as more', () => {
  for (const range of ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0']) assert.equal(checkedRange(range), range);
  for (const range of ['', '10.0.0.0/33', '10.0.0.1 accept', '10.0.0.1/8/8', '::1', 'mirror.local', '10.0.0.1;']) {
    assert.throws(() => checkedRange(range), /not an IPv4 address or network/, range);
  }
});

test('reads the connections that the filter refused', () => {
  const elem = [{ concat: ['192.0.2.2', 6, 22] }, { concat: ['10.7.7.7', 17, 53] }, { concat: ['10.7.7.7', 6, 53] }];
  const text = JSON.stringify({ nftables: [{ metainfo: {} }, { set: { name: 'refused', elem } }] });
  assert.deepEqual(parseRefusedConnections(text, ['192.0.2.2']), [
    { address: '10.7.7.7', protocol: 'tcp', port: 53, of: 'private' },
    { address: '10.7.7.7', protocol: 'udp', port: 53, of: 'private' },
    { address: '192.0.2.2', protocol: 'tcp', port: 22, of: 'host' },
  ]);
  assert.deepEqual(parseRefusedConnections(JSON.stringify({ nftables: [{ set: { name: 'refused' } }] }), []), []);
});

test('produces rules that nft accepts', { skip: skipReason }, () => {
  const input = egressRules(['192.0.2.2', '127.0.0.1'], ['10.1.2.3', '10.1.0.0/16']);
  execFileSync('nft', ['--check', '-f', '-'], { input, stdio: 'pipe' });
});
