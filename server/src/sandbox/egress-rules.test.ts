import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { checkedRange, egressRules } from './egress-rules.ts';
import { skipReason } from './sandbox-under-test.ts';

test('looks at the operator’s exceptions before it closes the host and the private ranges', () => {
  const rules = egressRules(['203.0.113.9', 'fe80::1'], ['10.1.0.0/16']).split('\n');
  const at = (text: string): number => {
    const found = rules.findIndex((rule) => rule.includes(text));
    assert.ok(found > 0, text);
    return found;
  };
  assert.ok(at('10.1.0.0/16') < at('203.0.113.9'));
  assert.ok(at('203.0.113.9') < at('169.254.0.0/16'));
  assert.ok(at('169.254.0.0/16') < rules.findIndex((rule) => rule.trim() === 'oifname "tap0" accept'));
  assert.ok(at('ipv6 drop') < at('10.1.0.0/16'));
  assert.ok(!rules.some((rule) => rule.includes('fe80')));
});

test('takes addresses and networks, nothing that nft would read as more', () => {
  for (const range of ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0']) assert.equal(checkedRange(range), range);
  for (const range of ['', '10.0.0.0/33', '10.0.0.1 accept', '10.0.0.1/8/8', '::1', 'mirror.local', '10.0.0.1;']) {
    assert.throws(() => checkedRange(range), /not an IPv4 address or network/, range);
  }
});

test('is what nft accepts', { skip: skipReason }, () => {
  const input = egressRules(['192.0.2.2', '127.0.0.1'], ['10.1.2.3', '10.1.0.0/16']);
  execFileSync('nft', ['--check', '-f', '-'], { input, stdio: 'pipe' });
});
