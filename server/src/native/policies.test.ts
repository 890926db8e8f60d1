import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertGroup, insertMember } from '#account/group-store.ts';
import { accessKeyRecord, insertAccessKey } from '#account/keys/access-key-store.ts';
import { insertAttachment } from '#account/policies/attachment-store.ts';
import { insertPolicy } from '#account/policies/policy-store.ts';
import { insertRole } from '#account/role-store.ts';
import { insertUser } from '#account/user-store.ts';
import type { Database } from '#db/database.ts';
import { callNative } from '../../../client/src/call-native.ts';
import { createClient } from '../../../client/src/client.ts';
import { knownActions } from './known-actions.ts';
import { startApiUnderTest } from './testing/api.ts';

const AT = { created_ms: 1, modified_ms: 1 };
const RESOURCE = 'acs:cr:local:1234567890123456:repository/cri-test/team/app';

test('who may make a call is listed with the policy and statement that decides, and so is who is denied', async (t) => {
  const { endpoint, pair, means } = await startApiUnderTest(t);
  const { db } = means;
  const client = createClient({ endpoint, ...pair });
  for (const name of ['ana', 'ben', 'eve', 'zoe']) await insertUser(db, user(name));
  const group = { group_id: 'g', name: 'readers', comments: '', ...AT };
  await insertGroup(db, group);
  for (const name of ['ben', 'eve']) await insertMember(db, group, user(name), 1);
  const role = { role_id: 'r', name: 'ci', description: '', trust_policy: '{}', max_session_seconds: 3600, ...AT };
  await insertRole(db, role);
  const policies = {
    reads: [
      { Effect: 'Allow', Action: 'cr:List*', Resource: '*' },
      { Effect: 'Allow', Action: 'cr:Get*', Resource: 'acs:cr:*:*:repository/*/team/*' },
    ],
    never: [{ Effect: 'Deny', Action: 'cr:GetRepository', Resource: '*' }],
  };
  for (const [name, statements] of Object.entries(policies)) await makePolicy(db, name, statements);
  const attached = [
    ['user', 'id-ana', 'ana', 'reads'],
    ['group', 'g', 'readers', 'reads'],
    ['user', 'id-eve', 'eve', 'never'],
    ['role', 'r', 'ci', 'reads'],
  ] as const;
  for (const [kind, id, name, policy] of attached)
    await insertAttachment(db, { kind, id, name }, { type: 'Custom', name: policy }, 1);

  const ask = (params: { resource?: string; cursor?: string }) =>
    callNative(client, 'listAllowedCallers', { action: 'cr:GetRepository', ...params });
  const users = await ask({ resource: RESOURCE });
  assert.deepEqual(users.Callers, [
    { UserName: 'ana', Allowed: true, Policy: 'Custom policy reads of user ana', Statement: 1 },
    { UserName: 'ben', Allowed: true, Policy: 'Custom policy reads of group readers', Statement: 1 },
    { UserName: 'eve', Allowed: false, Policy: 'Custom policy never of user eve', Statement: 0 },
  ]);
  const roles = await ask({ resource: RESOURCE, cursor: String(users.Cursor) });
  assert.deepEqual(roles.Callers, [
    { RoleName: 'ci', Allowed: true, Policy: 'Custom policy reads of role ci', Statement: 1 },
  ]);
  assert.equal(roles.Cursor, undefined);
  const everywhere = await ask({});
  assert.deepEqual(
    everywhere.Callers.map(({ UserName, Allowed }) => [UserName, Allowed]),
    [['eve', false]],
  );
  await assert.rejects(ask({ cursor: 'group/' }), /cursor.*not one that this list returned/);
  const noAction = client.fetch('/api/v1/policy/callers?action=GetRepository');
  assert.match(await (await noAction).text(), /action.*a RAM action, as in cr:GetInstance/);
});

test('the text of a policy is checked with the actions that this server asks for', async (t) => {
  const { endpoint, pair } = await startApiUnderTest(t);
  const client = createClient({ endpoint, ...pair });
  const { Actions } = await callNative(client, 'listPolicyActions', {});
  assert.equal(Actions.length, knownActions.length);
  for (const action of ['cr:PushRepository', 'cr:GetInstance', 'ram:CreateUser', 'actiontrail:LookupEvents'])
    assert.ok(
      Actions.some(({ Action, Resources }) => Action === action && Resources.length > 0),
      action,
    );
  const check = async (statement: object) => {
    const document = JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...statement }] }, null, 1);
    return (await callNative(client, 'checkPolicy', { PolicyDocument: document })).Notes;
  };
  assert.deepEqual(await check({ Action: Actions.map(({ Action }) => Action).slice(0, 200), Resource: '*' }), []);
  const [note] = await check({ Action: 'cr:GetReposotory', Resource: '*' });
  assert.deepEqual([note?.Line, note?.Severity], [6, 'Warning']);
  const [mistake] = await check({ Action: 'cr:GetRepository' });
  assert.deepEqual([mistake?.Severity, /Resource/.test(mistake?.Message ?? '')], ['Error', true]);
});

test('the caller’s rights on users and roles are asked for by their paths', async (t) => {
  const { endpoint, means } = await startApiUnderTest(t);
  const { db, secrets } = means;
  await insertUser(db, user('ana'));
  const key = { access_key_id: 'key', user_id: 'id-ana', status: 'Active', created_ms: 1, last_used_ms: null } as const;
  await insertAccessKey(db, user('ana'), { ...key, sealed_secret: secrets.seal(accessKeyRecord('key'), 'secret') });
  await makePolicy(db, 'own', [
    { Effect: 'Allow', Action: 'ram:UpdateUser', Resource: `acs:ram:*:*:user/ana` },
    { Effect: 'Allow', Action: 'cr:GetRepository', Resource: `acs:cr:*:*:repository/i/team/*` },
  ]);
  await insertAttachment(db, { kind: 'user', id: 'id-ana', name: 'ana' }, { type: 'Custom', name: 'own' }, 1);
  const { Allowed } = await callNative(
    createClient({ endpoint, accessKeyId: 'key', accessKeySecret: 'secret' }),
    'mayCaller',
    {
      Calls: [
        { Action: 'ram:UpdateUser', Resource: 'user/ana' },
        { Action: 'ram:UpdateUser', Resource: 'user/ben' },
        { Action: 'cr:GetRepository', Resource: 'repository/i/team/app' },
        { Action: 'cr:GetRepository', Resource: 'repository/i/other/app' },
      ],
    },
  );
  assert.deepEqual(Allowed, [true, false, true, false]);
});

function user(name: string) {
  const words = { user_id: `id-${name}`, name, display_name: name, mobile_phone: '', email: '', comments: '' };
  return { ...words, ...AT, last_login_ms: null };
}

function makePolicy(db: Database, name: string, Statement: readonly object[]): Promise<void> {
  const row = { name, description: '', default_version: 1, last_version: 1, ...AT };
  return insertPolicy(db, row, JSON.stringify({ Version: '1', Statement }));
}
