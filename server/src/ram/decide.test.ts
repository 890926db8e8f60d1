import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from './decide.ts';
import { parsePolicy } from './policy.ts';
import type { Principal } from './principal.ts';

const OWNER: Principal = {
  kind: 'root',
  accountId: '1234567890123456',
  accessKeyId: 'k',
  arn: 'acs:ram::1234567890123456:root',
};
const ACTION = 'cr:GetRepositoryBuildLog';
const RESOURCE = '*';

test('allows the account owner everything and says why', () => {
  const decision = decide({ principal: OWNER, action: ACTION, resource: RESOURCE });
  assert.equal(decision.allowed, true);
  assert.equal(decision.reason, 'AccountOwner');
  assert.match(decision.explanation, /acs:ram::1234567890123456:root/);
});

function user(...documents: object[]): Principal {
  const policies = documents.map((document, i) => ({
    name: `p${i}`,
    type: 'Custom' as const,
    through: 'user u',
    policy: parsePolicy(JSON.stringify(document)),
  }));
  const arn = 'acs:ram::1234567890123456:user/u';
  const call = { timeMs: Date.parse('2026-06-01T12:00:00Z'), sourceIp: '10.1.2.3', secureTransport: false };
  return { ...OWNER, kind: 'user', arn, call, userId: '1', userName: 'u', policies };
}

function statement(Effect: 'Allow' | 'Deny', more: object = {}): object {
  return { Version: '1', Statement: [{ Effect, Action: 'cr:*', Resource: '*', ...more }] };
}

test('denies a caller without a matching policy, and says so', () => {
  const decision = decide({ principal: user(), action: ACTION, resource: RESOURCE });
  assert.equal(decision.reason, 'ImplicitDeny');
  assert.match(decision.explanation, /cr:GetRepositoryBuildLog on \*/);
});

test('a Deny wins over any Allow, whatever their order', () => {
  for (const documents of [
    [statement('Allow'), statement('Deny')],
    [statement('Deny'), statement('Allow')],
  ]) {
    const decision = decide({ principal: user(...documents), action: ACTION, resource: RESOURCE });
    assert.equal(decision.reason, 'ExplicitDeny');
    assert.match(decision.explanation, /Statement 0 of Custom policy p\d of user u denies/);
  }
});

test('action patterns ignore case and allow wildcards, and NotAction covers all other actions', () => {
  const allows = (more: object, asked = ACTION) =>
    decide({ principal: user(statement('Allow', more)), action: asked, resource: RESOURCE }).allowed;
  assert.ok(allows({ Action: 'CR:getrepositorybuildlog' }));
  assert.ok(allows({ Action: ['cr:Nothing', 'cr:Get?epository*Log'] }));
  assert.ok(!allows({ Action: 'cr:Get' }));
  assert.ok(allows({ Action: undefined, NotAction: 'cr:Delete*' }));
  assert.ok(!allows({ Action: undefined, NotAction: ['ram:*', 'cr:Get*'] }));
});

test('resource patterns match field by field and case-sensitively, and only an unrestricted pattern matches `*`', () => {
  const asked = 'acs:cr:local:1234567890123456:repository/cri-1/ns/app';
  const allows = (Resource: string | string[], on = asked) =>
    decide({ principal: user(statement('Allow', { Resource })), action: ACTION, resource: on }).allowed;
  for (const covering of [
    '*',
    'acs:cr:*:*:*',
    'acs:cr:*:*:repository/cri-1/ns/*',
    'acs:cr:local:*:repository/*/ns/app',
  ])
    assert.ok(allows(covering), covering);
  for (const other of ['acs:cr:*:*:repository/cri-1/NS/*', 'acs:*:x:*:*', 'acs:cr:*:2:*', 'acs:ram:*:*:*'])
    assert.ok(!allows(other), other);
  assert.ok(allows(['acs:cr:*:*:*'], '*'));
  assert.ok(!allows('acs:cr:*:*:repository/*', '*'));
  const withUnknownPath = 'acs:cr:local:1:repository/cri-1/*/*';
  assert.ok(allows('acs:cr:*:*:repository/cri-1/*', withUnknownPath));
  assert.ok(!allows('acs:cr:*:*:repository/cri-1/?/?', withUnknownPath));
});

test('a condition on an unknown value grants nothing, but still denies', () => {
  const unknown = { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } };
  const allow = decide({ principal: user(statement('Allow', unknown)), action: ACTION, resource: RESOURCE });
  assert.equal(allow.reason, 'ImplicitDeny');
  assert.match(allow.explanation, /condition cannot be judged/);
  const deny = decide({
    principal: user(statement('Allow'), statement('Deny', unknown)),
    action: ACTION,
    resource: RESOURCE,
  });
  assert.equal(deny.reason, 'ExplicitDeny');
});

function sessionPolicyOf(session: object) {
  const document = JSON.stringify(session);
  return { document, policy: parsePolicy(document) };
}

test('checks the session’s policy first, which can narrow rights and never widen them', () => {
  const role = (own: object, session: object): Principal => {
    const { policies, call } = user(own) as Extract<Principal, { kind: 'user' }>;
    const named = { roleId: '2', roleName: 'r', sessionName: 's', sessionPolicy: sessionPolicyOf(session) };
    return { ...OWNER, kind: 'assumed-role', arn: 'acs:ram::1:assumed-role/r/s', call, policies, ...named };
  };
  const other = statement('Allow', { Action: 'cr:ListInstance' });
  const narrowed = decide({ principal: role(statement('Allow'), other), action: ACTION, resource: RESOURCE });
  assert.deepEqual([narrowed.reason, narrowed.policyType], ['ImplicitDeny', 'SessionPolicy']);
  const unwidened = decide({ principal: role(other, statement('Allow')), action: ACTION, resource: RESOURCE });
  assert.deepEqual([unwidened.reason, unwidened.policyType], ['ImplicitDeny', 'AccountLevelIdentityBasedPolicy']);
  assert.ok(
    decide({ principal: role(statement('Allow'), statement('Allow')), action: ACTION, resource: RESOURCE }).allowed,
  );
});

test('an action or a resource above the length limit is allowed only for the owner, without matching any pattern', () => {
  const long = `acs:cr:local:1234567890123456:repository/${'a'.repeat(500)}`;
  const wide = user(statement('Allow', { Resource: `acs:cr:*:*:${'*a'.repeat(200)}*` }), statement('Allow'));
  assert.equal(decide({ principal: wide, action: ACTION, resource: long }).reason, 'ImplicitDeny');
  assert.equal(decide({ principal: wide, action: `cr:${'a'.repeat(600)}`, resource: '*' }).reason, 'ImplicitDeny');
  assert.equal(decide({ principal: wide, action: ACTION, resource: long.slice(0, 500) }).reason, 'Allow');
  assert.equal(decide({ principal: OWNER, action: ACTION, resource: long }).reason, 'AccountOwner');
});
