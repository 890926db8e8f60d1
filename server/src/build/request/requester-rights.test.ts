import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountKeys } from '#account/keys/account-keys.ts';
import { requesterOf } from '#account/requester.ts';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import type { NotedDecision } from '#rpc/context.ts';
import type { BuildRecord, BuildRequester } from '../build.ts';
import { beginRefusal, pullRefusal, type RequesterRightsMeans } from './requester-rights.ts';

const PULL = 'cr:PullRepository';
const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole' };

function meansOf(
  gateway: GatewayUnderTest,
  now = gateway.means.now,
): RequesterRightsMeans & { noted: NotedDecision[] } {
  const noted: NotedDecision[] = [];
  return { ...gateway.means, now, noteDecision: (decision) => void noted.push(decision), noted };
}

/** The requester that calls with a key, stored and read back. */
async function requesterWith(gateway: GatewayUnderTest, { accessKeyId }: KeyUnderTest) {
  const { accountId, db, secrets } = gateway.means;
  const root = { accountId, accessKeyId: gateway.accessKeyId, accessKeySecret: gateway.accessKeySecret };
  const key = await accountKeys({ root, db, secrets, onFault: () => undefined }).findKey(accessKeyId);
  assert.ok(key);
  const call = { timeMs: gateway.means.now(), sourceIp: '10.0.0.1', secureTransport: false };
  return JSON.parse(JSON.stringify(requesterOf({ ...key.principal, call })));
}

function recordFor(gateway: GatewayUnderTest, requesters: BuildRequester[] | undefined): BuildRecord {
  const source = { kind: 'git', url: 'https://git.example/x', ref: 'HEAD' };
  return { buildRecordId: 'b-1', instanceId: gateway.instanceId, requesters, source } as unknown as BuildRecord;
}

test('a pull is decided by the current policies, for every requester of the build, and each decision is recorded', async () => {
  await using gateway = await startGatewayUnderTest();
  const means = meansOf(gateway);
  const on = (name: string) => `acs:cr:*:*:repository/${gateway.instanceId}/${name}`;
  const ann = await requesterWith(gateway, await makeUser(gateway, 'ann', policy('Allow', PULL, on('secret/*'))));
  const bob = await requesterWith(gateway, await makeUser(gateway, 'bob', policy('Allow', PULL, on('team/*'))));
  const refusal = (...requesters: BuildRequester[]) =>
    pullRefusal(means, recordFor(gateway, requesters), 'secret/vault');
  const call = 'call' as const;
  assert.equal(await refusal({ part: call, who: ann }), undefined);
  assert.equal(await refusal({ part: call, who: await requesterWith(gateway, gateway) }), undefined);
  const says =
    /^no policy allows cr:PullRepository on acs:cr:\S+\/secret\/vault to acs:ram::\d+:user\/bob, who requested/;
  assert.match((await refusal({ part: call, who: bob })) ?? '', says);
  const both = await refusal({ part: 'rule', who: ann }, { part: 'source', who: bob });
  assert.match(both ?? '', /user\/bob, who made or last changed the source of its repository$/);
  assert.match(
    (await refusal({ part: 'rule' }, { part: 'source', who: ann })) ?? '',
    /^it is not known who made or last/,
  );
  assert.match((await pullRefusal(means, recordFor(gateway, undefined), 'secret/vault')) ?? '', /^it is not known who/);
  const noted = means.noted.map(({ callerArn, denied, sourceIp }) => [callerArn.replace(/.*:/, ''), denied, sourceIp]);
  const [allowed, denied] = [false, true];
  assert.deepEqual(noted, [
    ['user/ann', allowed, '10.0.0.1'],
    ['root', allowed, '10.0.0.1'],
    ['user/bob', denied, '10.0.0.1'],
    ['user/ann', allowed, '10.0.0.1'],
    ['user/bob', denied, '10.0.0.1'],
    ['', denied, undefined],
    ['', denied, undefined],
  ]);
  await owner(gateway, 'DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName: 'of-ann', UserName: 'ann' });
  assert.match((await refusal({ part: call, who: ann })) ?? '', /^no policy allows/);
});

test('policy conditions use the address of the request and the time at which the build runs', async () => {
  await using gateway = await startGatewayUnderTest();
  const allowed = async (name: string, Condition: object, laterMs = 0) => {
    const document = { Version: '1', Statement: [{ Effect: 'Allow', Action: PULL, Resource: '*', Condition }] };
    const who = await requesterWith(gateway, await makeUser(gateway, name, document));
    const means = meansOf(gateway, () => gateway.means.now() + laterMs);
    return (await pullRefusal(means, recordFor(gateway, [{ part: 'call', who }]), 'secret/vault')) === undefined;
  };
  const until = { DateLessThan: { 'acs:CurrentTime': new Date(gateway.means.now() + 60_000).toISOString() } };
  assert.equal(await allowed('near', { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }), true);
  assert.equal(await allowed('far', { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } }), false);
  assert.equal(await allowed('tls', { Bool: { 'acs:SecureTransport': 'true' } }), false);
  assert.equal(await allowed('soon', until), true);
  assert.equal(await allowed('late', until, 120_000), false);
});

test('a deleted user or role has no rights, even if another takes its name; an expired key or session changes nothing', async () => {
  await using gateway = await startGatewayUnderTest();
  const { accountId } = gateway.means;
  const key = await makeUser(gateway, 'ann', policy('Allow', '*'));
  const ann = await requesterWith(gateway, key);
  const trust = { Version: '1', Statement: [{ ...TRUST, Principal: { RAM: [`acs:ram::${accountId}:user/ann`] } }] };
  await owner(gateway, 'CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await owner(gateway, 'AttachPolicyToRole', {
    RoleName: 'ci',
    PolicyType: 'System',
    PolicyName: 'AliyunContainerRegistryFullAccess',
  });
  const session = async (Policy: Record<string, string>) => {
    const asked = { RoleArn: `acs:ram::${accountId}:role/ci`, RoleSessionName: 'me', ...Policy };
    const { Credentials } = (await callAs(gateway, key, 'AssumeRole', asked)).body;
    return requesterWith(gateway, { accessKeyId: Credentials.AccessKeyId, accessKeySecret: '' });
  };
  const wide = await session({});
  const narrow = await session({ Policy: JSON.stringify(policy('Allow', 'cr:Get*')) });
  const dayLater = () => gateway.means.now() + 86_400_000;
  const refusal = (who: BuildRequester['who']) =>
    pullRefusal(meansOf(gateway, dayLater), recordFor(gateway, [{ part: 'call', who }]), 'secret/vault');
  const begin = (part: BuildRequester['part'], who: BuildRequester['who']) =>
    beginRefusal(meansOf(gateway, dayLater), recordFor(gateway, [{ part, who }]), 'team/app');

  assert.equal(await refusal(wide), undefined);
  assert.match((await refusal(narrow)) ?? '', /assumed-role\/ci\/me/);
  await owner(gateway, 'DeleteAccessKey', { UserName: 'ann', UserAccessKeyId: key.accessKeyId });
  assert.equal(await refusal(ann), undefined);
  assert.equal(await begin('rule', ann), undefined);
  await owner(gateway, 'DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName: 'of-ann', UserName: 'ann' });
  assert.match(
    (await begin('rule', ann)) ?? '',
    /^no policy allows cr:BuildRepositoryByRule on acs:cr:\S+\/team\/app to/,
  );
  assert.equal(await begin('call', ann), undefined, 'the caller was authorized at the call');
  await owner(gateway, 'DeleteUser', { UserName: 'ann' });
  await owner(gateway, 'CreateUser', { UserName: 'ann' });
  await owner(gateway, 'AttachPolicyToUser', { PolicyType: 'Custom', PolicyName: 'of-ann', UserName: 'ann' });
  for (const refused of [
    await refusal(ann),
    await begin('rule', ann),
    await begin('source', ann),
    await begin('call', ann),
  ])
    assert.match(refused ?? '', /user\/ann, who .* no longer exists, so nobody is allowed cr:/);
  await owner(gateway, 'DetachPolicyFromRole', {
    RoleName: 'ci',
    PolicyType: 'System',
    PolicyName: 'AliyunContainerRegistryFullAccess',
  });
  await owner(gateway, 'DeleteRole', { RoleName: 'ci' });
  assert.match((await refusal(wide)) ?? '', /assumed-role\/ci\/me, who requested this build, no longer exists/);
});

test('a pull request pulls only what is public, also if the author of its rule may pull more', async () => {
  await using gateway = await startGatewayUnderTest();
  const means = meansOf(gateway);
  const create = (action: 'CreateNamespace' | 'CreateRepository', params: Record<string, string>) =>
    owner(gateway, action, { InstanceId: gateway.instanceId, ...params });
  await create('CreateNamespace', { NamespaceName: 'team' });
  for (const [RepoName, RepoType] of [
    ['open', 'PUBLIC'],
    ['closed', 'PRIVATE'],
  ] as const)
    await create('CreateRepository', { RepoNamespaceName: 'team', RepoName, RepoType, Summary: 'x' });
  const ann = await requesterWith(gateway, await makeUser(gateway, 'ann', policy('Allow', PULL, '*')));
  const record = recordFor(gateway, [{ part: 'rule', who: ann }]);
  const source = { ...record.source, kind: 'code-host', pullRequest: 5 };
  const ofPullRequest = { ...record, source } as BuildRecord;
  assert.equal(await pullRefusal(means, record, 'team/closed'), undefined);
  assert.equal(await pullRefusal(means, ofPullRequest, 'team/open'), undefined);
  const refusal = 'a pull request may pull only from PUBLIC repositories of this registry';
  for (const repository of ['team/closed', 'team/absent'])
    assert.equal(await pullRefusal(means, ofPullRequest, repository), refusal);
});
