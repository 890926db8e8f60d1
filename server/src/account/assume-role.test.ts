import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { send, signV1, target } from '#gateway/testing/send.ts';

const LOG = { InstanceId: 'cri-none', RepoId: 'crr-none', BuildRecordId: 'none' };
const ROLE_SESSION_NAME = 'nightly';

function trust(arn: string, Condition?: object): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [arn] } };
  return JSON.stringify({ Version: '1', Statement: [{ ...statement, ...(Condition ? { Condition } : {}) }] });
}

/** Creates a role that can read logs and that trusts the account, or those whom `document` names. Returns its ARN. */
async function makeRole(gateway: GatewayUnderTest, RoleName: string, document?: string): Promise<string> {
  const everybody = trust(`acs:ram::${gateway.means.accountId}:root`);
  const { Role } = await owner(gateway, 'CreateRole', { RoleName, AssumeRolePolicyDocument: document ?? everybody });
  const named = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryReadOnlyAccess', RoleName };
  await owner(gateway, 'AttachPolicyToRole', named);
  return Role.Arn;
}

async function assume(gateway: GatewayUnderTest, caller: KeyUnderTest, RoleArn: string, more = {}) {
  const { body } = await callAs(gateway, caller, 'AssumeRole', {
    RoleArn,
    RoleSessionName: ROLE_SESSION_NAME,
    ...more,
  });
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials ?? {};
  const key: KeyUnderTest = {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  };
  return { body, key };
}

test('a session has its role’s rights and identity, and none of its caller’s', async () => {
  await using gateway = await startGatewayUnderTest();
  const caller = await makeUser(gateway, 'ci', policy('Allow', ['sts:AssumeRole', 'cr:CreateNamespace']));
  const { body, key } = await assume(gateway, caller, await makeRole(gateway, 'reader'), {
    SourceIdentity: 'pipeline',
  });
  assert.equal(body.SourceIdentity, 'pipeline');
  assert.match(body.Credentials.AccessKeyId, /^STS\./);
  assert.match(body.Credentials.Expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(body.AssumedRoleUser.AssumedRoleId, /^\d{18}:nightly$/);
  assert.equal((await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG)).body.Code, 'INSTANCE_NOT_EXIST');
  const write = { InstanceId: 'cri-none', NamespaceName: 'n' };
  const denied = await callAs(gateway, key, 'CreateNamespace', write);
  assert.equal(denied.body.AccessDeniedDetail.AuthPrincipalType, 'AssumedRoleUser');
  const identity = await callAs(gateway, key, 'GetCallerIdentity');
  assert.equal(identity.body.Arn, `acs:ram::${gateway.means.accountId}:assumed-role/reader/nightly`);
  assert.equal(body.AssumedRoleUser.Arn, identity.body.Arn);
  assert.equal(identity.body.IdentityType, 'AssumedRoleUser');
});

test('needs both the caller’s policy and the role’s trust, and answers the same for a missing and an untrusting role', async () => {
  await using gateway = await startGatewayUnderTest();
  const { accountId } = gateway.means;
  const named = await makeRole(gateway, 'named', trust(`acs:ram::${accountId}:user/ci`));
  const ci = await makeUser(gateway, 'ci', policy('Allow', 'sts:AssumeRole', `acs:ram:*:${accountId}:role/n*`));
  const other = await makeUser(gateway, 'other', policy('Allow', 'sts:AssumeRole'));
  const nobody = await makeUser(gateway, 'nobody');
  assert.ok((await assume(gateway, ci, named)).body.Credentials);
  for (const [who, arn] of [
    [other, named],
    [nobody, named],
    [ci, await makeRole(gateway, 'elsewhere')],
    [ci, `acs:ram::${accountId}:role/nothing`],
  ] as const) {
    assert.equal((await assume(gateway, who, arn)).body.Code, 'NoPermission');
  }
});

test('a session policy can narrow the role’s rights and never widen them', async () => {
  await using gateway = await startGatewayUnderTest();
  const arn = await makeRole(gateway, 'reader');
  const narrow = { Policy: JSON.stringify(policy('Allow', ['cr:ListInstance', 'cr:CreateNamespace'])) };
  const { key } = await assume(gateway, gateway, arn, narrow);
  assert.equal((await callAs(gateway, key, 'ListInstance')).status, 200);
  const read = await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG);
  assert.equal(read.body.AccessDeniedDetail.PolicyType, 'SessionPolicy');
  const write = await callAs(gateway, key, 'CreateNamespace', { InstanceId: 'cri-none', NamespaceName: 'n' });
  assert.equal(write.body.AccessDeniedDetail.PolicyType, 'AccountLevelIdentityBasedPolicy');
});

test('a temporary key works only with its own secret and its own token', async () => {
  await using gateway = await startGatewayUnderTest();
  const arn = await makeRole(gateway, 'reader');
  const keys = [];
  for (let i = 0; i < 3; i++) keys.push((await assume(gateway, gateway, arn)).key);
  for (const [i, { accessKeyId, accessKeySecret }] of keys.entries()) {
    for (const [j, { securityToken }] of keys.entries()) {
      const mixed = { accessKeyId, accessKeySecret, securityToken: securityToken ?? '' };
      const { body } = await callAs(gateway, mixed, 'GetCallerIdentity');
      assert.equal(body.Code, i === j ? undefined : 'InvalidSecurityToken.MismatchWithAccessKey');
    }
    const bare = await callAs(gateway, { accessKeyId, accessKeySecret }, 'GetCallerIdentity');
    assert.equal(bare.body.Code, 'MissingSecurityToken');
    const secret = keys[(i + 1) % 3]?.accessKeySecret ?? '';
    const swapped = await callAs(gateway, { ...keys[i], accessKeyId, accessKeySecret: secret }, 'GetCallerIdentity');
    assert.equal(swapped.body.Code, 'SignatureDoesNotMatch');
  }
});

test('a session ends when it expires, or immediately when its role is deleted', async () => {
  let skewMs = 0;
  await using gateway = await startGatewayUnderTest({ means: { now: () => Date.now() + skewMs } });
  const arn = await makeRole(gateway, 'reader');
  const { key } = await assume(gateway, gateway, arn, { DurationSeconds: '900' });
  const ask = () => {
    const Timestamp = `${new Date(Date.now() + skewMs).toISOString().slice(0, 19)}Z`;
    return callAs(gateway, key, 'GetCallerIdentity', { Timestamp });
  };
  assert.equal((await ask()).status, 200);
  skewMs = 600_000;
  assert.equal((await ask()).status, 200);
  skewMs = 901_000;
  assert.equal((await ask()).body.Code, 'InvalidSecurityToken.Expired');
  skewMs = 0;
  const named = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryReadOnlyAccess', RoleName: 'reader' };
  await owner(gateway, 'DetachPolicyFromRole', named);
  await owner(gateway, 'DeleteRole', { RoleName: 'reader' });
  assert.equal((await callAs(gateway, key, 'GetCallerIdentity')).body.Code, 'InvalidAccessKeyId.NotFound');
});

test('a role can require an external id', async () => {
  await using gateway = await startGatewayUnderTest();
  const condition = { StringEquals: { 'sts:ExternalId': 'partner-7' } };
  const arn = await makeRole(gateway, 'partner', trust(`acs:ram::${gateway.means.accountId}:root`, condition));
  assert.equal((await assume(gateway, gateway, arn)).body.Code, 'NoPermission');
  assert.equal((await assume(gateway, gateway, arn, { ExternalId: 'partner-8' })).body.Code, 'NoPermission');
  assert.ok((await assume(gateway, gateway, arn, { ExternalId: 'partner-7' })).body.Credentials);
});

test('refuses each malformed parameter with its own error code', async () => {
  await using gateway = await startGatewayUnderTest();
  const arn = await makeRole(gateway, 'reader');
  const code = async (RoleArn: string, more = {}) => (await assume(gateway, gateway, RoleArn, more)).body.Code;
  assert.equal(await code('acs:ram::1:role/reader'), 'InvalidParameter.RoleArn');
  assert.equal(await code('reader'), 'InvalidParameter.RoleArn');
  assert.equal(await code(arn, { RoleSessionName: 'a' }), 'InvalidParameter.RoleSessionName');
  assert.equal(await code(arn, { DurationSeconds: '899' }), 'InvalidParameter.DurationSeconds');
  assert.equal(await code(arn, { DurationSeconds: '3601' }), 'InvalidParameter.DurationSeconds');
  assert.equal(await code(arn, { Policy: '{}' }), 'InvalidParameter.PolicyGrammar');
  assert.equal(await code(arn, { Policy: 'x'.repeat(2049) }), 'InvalidParameter.PolicySize');
});

test('logins by SAML and OIDC answer that they are not implemented and what to use instead, signed or unsigned', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const [action, Version] of [
    ['AssumeRoleWithSAML', '2015-04-01'],
    ['AssumeRoleWithOIDC', '2015-04-01'],
    ['CreateOIDCProvider', '2019-08-15'],
    ['CreateSAMLProvider', '2019-08-15'],
  ] as const) {
    const signed = signV1(gateway, 'GET', { Action: action, Version, SAMLProviderName: 'idp' });
    const unsigned = `/?Action=${action}&Version=${Version}&Format=JSON`;
    // CreateSAMLProvider is in the list of operations, so like any operation it answers signed callers only.
    for (const path of action === 'CreateSAMLProvider' ? [target(signed)] : [target(signed), unsigned]) {
      const { status, body } = await send(gateway, path);
      const { Code, Message } = JSON.parse(body);
      assert.deepEqual([status, Code], [400, 'NotImplemented']);
      assert.match(Message, new RegExp(`${action} is not .*SAML or OIDC here: .*CreateAccessKey.*AssumeRole`));
    }
  }
  const { status } = await send(gateway, '/?Action=AssumeRoleWithOIDC&Version=2018-12-01&Format=JSON');
  assert.equal(status, 404);
});
