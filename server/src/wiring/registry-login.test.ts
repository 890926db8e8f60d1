import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { openLogin } from '#testing/login.ts';

const HOUR_MS = 3_600_000;
const MAY_LOG_IN = ['cr:GetAuthorizationToken', 'cr:ResetLoginPassword'];
const PULLS = policy('Allow', [...MAY_LOG_IN, 'cr:PullRepository']);

/** A gateway with the repository `ns/app` and a clock that a test may set. */
async function start() {
  const clock = { nowMs: Date.now() };
  const gateway = await startGatewayUnderTest({ means: { now: () => clock.nowMs } });
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  const repository = { RepoNamespaceName: 'ns', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
  return { gateway, clock, registry: await openLogin(gateway) };
}

async function temporary(gateway: GatewayUnderTest, key: KeyUnderTest, more: Record<string, string> = {}) {
  const asked = { InstanceId: gateway.instanceId, ...more };
  const { status, body } = await callAs(gateway, key, 'GetAuthorizationToken', asked);
  assert.equal(status, 200, JSON.stringify(body));
  return { user: body.TempUsername as string, password: body.AuthorizationToken as string, endMs: body.ExpireTime };
}

async function assumeRole(gateway: GatewayUnderTest, document: object, Policy?: object): Promise<KeyUnderTest> {
  const everybody = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { RAM: [`acs:ram::${gateway.means.accountId}:root`] },
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [everybody] });
  const { Role } = await owner(gateway, 'CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument });
  await owner(gateway, 'CreatePolicy', { PolicyName: 'of-ci', PolicyDocument: JSON.stringify(document) });
  await owner(gateway, 'AttachPolicyToRole', { PolicyType: 'Custom', PolicyName: 'of-ci', RoleName: 'ci' });
  const caller = await makeUser(gateway, 'assumer', policy('Allow', 'sts:AssumeRole'));
  const asked = {
    RoleArn: Role.Arn,
    RoleSessionName: 'nightly',
    ...(Policy ? { Policy: JSON.stringify(Policy) } : {}),
  };
  const { body } = await callAs(gateway, caller, 'AssumeRole', asked);
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials;
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
}

test('a temporary password logs in under both user names, lasts an hour and may what the caller may', async () => {
  const { gateway, clock, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const mine = await temporary(gateway, gateway);
  assert.equal(mine.user, 'cr_temp_user');
  assert.equal(mine.endMs, clock.nowMs + HOUR_MS);
  assert.equal(await it.login(mine), 'pull,push');
  assert.equal(await it.login({ ...mine, user: 'temp_user_cr' }), 'pull,push');
  const reader = await temporary(gateway, await makeUser(gateway, 'reader', PULLS));
  assert.equal(await it.login(reader), 'pull');
  clock.nowMs += HOUR_MS - 1;
  assert.equal(await it.login(mine), 'pull,push');
  clock.nowMs += 1;
  assert.equal(await it.login(mine), '401');
});

test('a temporary password with any character changed, added or left out is refused', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const { user, password } = await temporary(gateway, gateway);
  for (let i = 0; i < password.length; i++) {
    const other = password[i] === 'A' ? 'B' : 'A';
    const changed = password.slice(0, i) + other + password.slice(i + 1);
    assert.equal(await it.login({ user, password: changed }), '401', `character ${i}`);
  }
  for (const changed of [
    '',
    ':',
    `${password}0`,
    password.slice(1),
    password.slice(0, -1),
    password.split(':')[0] ?? '',
  ]) {
    assert.equal(await it.login({ user, password: changed }), '401');
  }
});

test('a temporary password has the rights of now: a Deny counts at once, and it ends with its key and its user', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const key = await makeUser(gateway, 'reader', PULLS);
  const login = await temporary(gateway, key);
  assert.equal(await it.login(login), 'pull');
  const PolicyDocument = JSON.stringify(policy('Deny', 'cr:PullRepository'));
  await owner(gateway, 'CreatePolicy', { PolicyName: 'no-pulls', PolicyDocument });
  const attached = { PolicyType: 'Custom', PolicyName: 'no-pulls', UserName: 'reader' };
  await owner(gateway, 'AttachPolicyToUser', attached);
  assert.equal(await it.login(login), '');
  await owner(gateway, 'DetachPolicyFromUser', attached);
  const theKey = { UserName: 'reader', UserAccessKeyId: key.accessKeyId };
  await owner(gateway, 'UpdateAccessKey', { ...theKey, Status: 'Inactive' });
  assert.equal(await it.login(login), '401');
  await owner(gateway, 'UpdateAccessKey', { ...theKey, Status: 'Active' });
  assert.equal(await it.login(login), 'pull');
  await owner(gateway, 'DeleteAccessKey', theKey);
  await owner(gateway, 'DetachPolicyFromUser', { ...attached, PolicyName: 'of-reader' });
  await owner(gateway, 'DeleteUser', { UserName: 'reader' });
  assert.equal(await it.login(login), '401');
});

test('a role’s session gets a password that ends with the session and keeps to the session’s policy', async () => {
  const { gateway, clock, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const both = policy('Allow', [...MAY_LOG_IN, 'cr:PullRepository', 'cr:PushRepository']);
  const session = await assumeRole(gateway, both, policy('Allow', ['cr:GetAuthorizationToken', 'cr:PullRepository']));
  const login = await temporary(gateway, session, { ExpiresInHours: '24' });
  assert.ok(Math.abs(login.endMs - clock.nowMs - HOUR_MS) <= 1000, 'it ends with the session of an hour');
  assert.equal(await it.login(login), 'pull');
  const { answer } = await it.ask(session, {}, []);
  assert.match('message' in answer ? answer.message : '', /GetAuthorizationToken/, 'the key pair alone is half of it');
  clock.nowMs += HOUR_MS;
  assert.equal(await it.login(login), '401');
});

test('ExpiresInHours is a whole number from 1 to 24', async () => {
  const { gateway, clock, registry } = await start();
  await using _ = gateway;
  await using _registry = registry;
  assert.equal((await temporary(gateway, gateway, { ExpiresInHours: '24' })).endMs, clock.nowMs + 24 * HOUR_MS);
  for (const ExpiresInHours of ['0', '25', '-1', '1.5', 'x', '99999999999999999']) {
    const asked = { InstanceId: gateway.instanceId, ExpiresInHours };
    const { status, body } = await callAs(gateway, gateway, 'GetAuthorizationToken', asked);
    assert.equal(status, 400, ExpiresInHours);
    assert.match(body.Message, /"ExpiresInHours" is not valid/);
  }
});

test('a password of another instance’s is refused, and so is an instance that is not there', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const { body } = await callAs(gateway, gateway, 'GetAuthorizationToken', { InstanceId: 'cri-none' });
  assert.equal(body.Code, 'INSTANCE_NOT_EXIST');
  const { user, password } = await temporary(gateway, gateway);
  const [text = ''] = password.split(':');
  const content = JSON.parse(Buffer.from(text, 'base64url').toString());
  const other = Buffer.from(JSON.stringify({ ...content, instanceId: 'cri-other' })).toString('base64url');
  const signed = `${other}:${gateway.means.secrets.mac('temporary password', other)}`;
  assert.equal(await it.login({ user, password: signed }), '401');
});

test('ResetLoginPassword sets what the owner and users log in with by their login names, until it is set again', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const { accountId } = gateway.means;
  const asked = { InstanceId: gateway.instanceId };
  const reader = await makeUser(gateway, 'reader', PULLS);
  const set = async (key: KeyUnderTest, Password: string) =>
    assert.equal((await callAs(gateway, key, 'ResetLoginPassword', { ...asked, Password })).status, 200);
  await set(reader, 'first-password1');
  await set(gateway, 'owner-password1');
  await owner(gateway, 'SetAccountAlias', { AccountAlias: 'team' });
  for (const place of [accountId, 'team', `${accountId}.onaliyun.com`, 'team.onaliyun.com']) {
    assert.equal(await it.login({ user: `reader@${place}`, password: 'first-password1' }), 'pull', place);
  }
  for (const user of [accountId, 'team'])
    assert.equal(await it.login({ user, password: 'owner-password1' }), 'pull,push');
  const wrong = {
    reader: 'first-password1',
    'reader@elsewhere': 'first-password1',
    [`nobody@${accountId}`]: 'first-password1',
  };
  for (const [user, password] of Object.entries(wrong)) assert.equal(await it.login({ user, password }), '401', user);
  await set(reader, 'second-password2');
  const user = `reader@${accountId}`;
  assert.equal(await it.login({ user, password: 'first-password1' }), '401');
  assert.equal(await it.login({ user, password: 'second-password2' }), 'pull');
  const { PolicyType, PolicyName } = { PolicyType: 'Custom', PolicyName: 'of-reader' };
  await owner(gateway, 'DetachPolicyFromUser', { PolicyType, PolicyName, UserName: 'reader' });
  assert.equal(await it.login({ user, password: 'second-password2' }), '');
  await owner(gateway, 'DeleteAccessKey', { UserName: 'reader', UserAccessKeyId: reader.accessKeyId });
  await owner(gateway, 'DeleteUser', { UserName: 'reader' });
  assert.equal(await it.login({ user, password: 'second-password2' }), '401');
  await owner(gateway, 'CreateUser', { UserName: 'reader' });
  assert.equal(await it.login({ user, password: 'second-password2' }), '401', 'a new user of the name has none');
});

test('a permanent password has 8 to 32 characters of two kinds, and a role’s session has none', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using _registry = registry;
  const asked = { InstanceId: gateway.instanceId };
  const refused = ['short-1', `${'x'.repeat(32)}1`, 'onlyletters', '1234567890', 'tab\there1', '!!!!!!!!!'];
  for (const Password of refused) {
    const { status, body } = await callAs(gateway, gateway, 'ResetLoginPassword', { ...asked, Password });
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter.Password'], Password);
    assert.ok(!body.Message.includes(Password), 'the refusal does not repeat the password');
  }
  for (const Password of ['letters1', 'letters!', '1234567!', `${'x'.repeat(31)}1`]) {
    assert.equal((await callAs(gateway, gateway, 'ResetLoginPassword', { ...asked, Password })).status, 200, Password);
  }
  const session = await assumeRole(gateway, policy('Allow', MAY_LOG_IN));
  const { status, body } = await callAs(gateway, session, 'ResetLoginPassword', { ...asked, Password: 'letters1' });
  assert.deepEqual([status, body.Code], [400, 'UnsupportedOperation']);
});

test('guessing a permanent password is slowed by address, a right one too, and others are not held up', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const { accountId: user } = gateway.means;
  const right = { user, password: 'owner-password1' };
  await owner(gateway, 'ResetLoginPassword', { InstanceId: gateway.instanceId, Password: right.password });
  assert.equal(await it.login(right, { sourceIp: '203.0.113.9' }), 'pull,push');
  for (let i = 0; i < 10; i++) {
    assert.equal(await it.login({ user, password: `guess-${i}` }, { sourceIp: '203.0.113.9' }), '401');
  }
  await assert.rejects(it.login(right, { sourceIp: '203.0.113.9' }), { code: 'Throttling', status: 429 });
  assert.equal(await it.login(right, { sourceIp: '203.0.113.10' }), 'pull,push');
  assert.equal(await it.login(gateway, { sourceIp: '203.0.113.9' }), 'pull,push', 'key pairs go on');
  const { db } = gateway.means;
  await db
    .updateTable('sign_in_attempt')
    .set((eb) => ({ until_ms: eb('until_ms', '-', 5 * 60_000) }))
    .execute();
  assert.equal(await it.login(right, { sourceIp: '203.0.113.9' }), 'pull,push');
});

test('a hundred pulls at once with a permanent password are one check of it', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  const login = { user: gateway.means.accountId, password: 'owner-password1' };
  await owner(gateway, 'ResetLoginPassword', { InstanceId: gateway.instanceId, Password: login.password });
  const answers = await Promise.all(Array.from({ length: 100 }, () => it.login(login)));
  assert.deepEqual([...new Set(answers)], ['pull,push']);
});

test('the token service answers to the registry’s name in the vendor’s form, and to the name before', async () => {
  const { gateway, registry } = await start();
  await using _ = gateway;
  await using it = registry;
  assert.equal(it.service, `registry.aliyuncs.com:local:china:${gateway.instanceId}`);
  for (const service of [it.service, 'slipway']) {
    const { answer } = await it.ask(gateway, {}, [], { service });
    assert.equal('body' in answer ? decodeJwt(answer.body.token).aud : answer.message, it.service);
  }
  const { answer } = await it.ask(gateway, {}, [], { service: 'registry.aliyuncs.com:local:china:cri-other' });
  assert.equal(answer.status, 400);
});
