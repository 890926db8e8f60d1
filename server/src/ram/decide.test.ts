import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from './decide.ts';
import type { Principal } from './principal.ts';

const owner: Principal = {
  kind: 'root',
  accountId: '1234567890123456',
  accessKeyId: 'k',
  arn: 'acs:ram::1234567890123456:root',
};
const action = 'cr:GetRepositoryBuildLog';
const resource = '*';

test('allows the account owner everything and says why', () => {
  const decision = decide({ principal: owner, action, resource });
  assert.equal(decision.allowed, true);
  assert.equal(decision.reason, 'AccountOwner');
  assert.match(decision.explanation, /acs:ram::1234567890123456:root/);
});

test('denies every principal that no policy speaks for', () => {
  const stranger = { ...owner, kind: 'user' } as unknown as Principal;
  const decision = decide({ principal: stranger, action, resource });
  assert.equal(decision.allowed, false);
  assert.equal(decision.reason, 'ImplicitDeny');
  assert.match(decision.explanation, /cr:GetRepositoryBuildLog on \*/);
});
