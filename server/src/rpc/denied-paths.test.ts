import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '#ram/policy.ts';
import type { Principal } from '#ram/principal.ts';
import { deniedPaths } from './denied-paths.ts';

const ACTION = 'cr:ListRepository';
const PATHS = ['repository/cri-1/open/app', 'repository/cri-1/secret/app'];

test('a Deny of a role holds for the lists of a session whose own policy names a part of the account only', async () => {
  const everywhere = role({ allow: '*', deny: 'acs:cr:*:*:repository/cri-1/secret/*' });
  const policy = policyOf({ allow: 'acs:cr:*:*:repository/cri-1/*' });
  const narrow = { ...everywhere, sessionPolicy: { document: '', policy } };
  for (const principal of [everywhere, narrow])
    assert.deepEqual([...(await denied(principal, async () => PATHS))], ['repository/cri-1/secret/app']);
});

test('asks for no paths if no policy denies the action', async () => {
  const fail = () => assert.fail('the paths were asked for');
  assert.equal((await denied(role({ allow: '*' }), fail)).size, 0);
});

function denied(principal: Principal, paths: () => Promise<readonly string[]>) {
  return deniedPaths({ principal, regionId: 'local', accountId: '1' }, ACTION, paths);
}

interface Resources {
  allow: string;
  deny?: string;
}

function policyOf({ allow, deny }: Resources) {
  const Statement = [{ Effect: 'Allow', Action: 'cr:*', Resource: allow }];
  if (deny !== undefined) Statement.push({ Effect: 'Deny', Action: 'cr:List*', Resource: deny });
  return parsePolicy(JSON.stringify({ Version: '1', Statement }));
}

function role(resources: Resources): Extract<Principal, { kind: 'assumed-role' }> {
  return {
    kind: 'assumed-role',
    accountId: '1',
    accessKeyId: 'k',
    arn: 'acs:ram::1:assumed-role/r/s',
    roleId: '1',
    roleName: 'r',
    sessionName: 's',
    policies: [{ type: 'Custom', name: 'p', through: 'role r', policy: policyOf(resources) }],
  };
}
