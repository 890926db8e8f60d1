import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { send, signV1, target } from '#gateway/testing/send.ts';

const log = { InstanceId: 'cri-none', RepoId: 'crr-none', BuildRecordId: 'none' };
const RoleSessionName = 'nightly';

function trust(arn: string, Condition?: object): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [arn] } };
  return JSON.stringify({ Version: '1', Statement: [{ ...statement, ...(Condition ? { Condition } : {}) }] });
}

/** A role that reads logs and is trusted to the account, or to whom the document says; answers its Arn. */
async function makeRole(gateway: GatewayUnderTest, RoleName: string, document?: string): Promise<string> {
  const everybody = trust(`acs:ram::${gateway.means.accountId}:root`);
  const { Role } = await owner(gateway, 'CreateRole', { RoleName, AssumeRolePolicyDocument: document ?? everybody });
  const named = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryReadOnlyAccess', RoleName };
  await owner(gateway, 'AttachPolicyToRole', named);
  return Role.Arn;
}

async function assume(gateway: GatewayUnderTest, caller: KeyUnderTest, RoleArn: string, more = {}) {
  const { body } = await callAs(gateway, caller, 'AssumeRole', { RoleArn, RoleSessionName, ...more });
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials ?? {};
  const key: KeyUnderTest = {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  };
  return { body, key };
}

test('a session acts as its role, says who it is, and carries nothing of its caller', async () => {
  await using gateway = await startGatewayUnderTest();
  const caller = await makeUser(gateway, 'ci', policy('Allow', ['sts:AssumeRole', 'cr:CreateNamespace']));
  const { body, key } = await assume(gateway, caller, await makeRole(gateway, 'reader'), {
    SourceIdentity: 'pipeline',
  });
  assert.equal(body.SourceIdentity, 'pipeline');
  assert.match(body.Credentials.AccessKeyId, /^STS\./);
  assert.match(body.Credentials.Expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(body.AssumedRoleUser.AssumedRoleId, /^\d{18}:nightly$/);
  assert.equal((await callAs(gateway, key, 'ListRepoBuildRecordLog', log)).body.Code, 'INSTANCE_NOT_EXIST');
  const write = { InstanceId: 'cri-none', NamespaceName: 'n' };
  const denied = await callAs(gateway, key, 'CreateNamespace', write);
  assert.equal(denied.body.AccessDeniedDetail.AuthPrincipalType, 'AssumedRoleUser');
  const identity = await callAs(gateway, key, 'GetCallerIdentity');
  assert.equal(identity.body.Arn, `acs:ram::${gateway.means.accountId}:assumed-role/reader/nightly`);
  assert.equal(body.AssumedRoleUser.Arn, identity.body.Arn);
  assert.equal(identity.body.IdentityType, 'AssumedRoleUser');
});

test('needs both the policy of the caller and the trust of the role, and tells no missing role from a closed one', async () => {
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

test('the policy of a session narrows the role and never widens it', async () => {
  await using gateway = await startGatewayUnderTest();
  const arn = await makeRole(gateway, 'reader');
  const narrow = { Policy: JSON.stringify(policy('Allow', ['cr:ListInstance', 'cr:CreateNamespace'])) };
  const { key } = await assume(gateway, gateway, arn, narrow);
  assert.equal((await callAs(gateway, key, 'ListInstance')).status, 200);
  const read = await callAs(gateway, key, 'ListRepoBuildRecordLog', log);
  assert.equal(read.body.AccessDeniedDetail.PolicyType, 'SessionPolicy');
  const write = await callAs(gateway, key, 'CreateNamespace', { InstanceId: 'cri-none', NamespaceName: 'n' });
  assert.equal(write.body.AccessDeniedDetail.PolicyType, 'AccountLevelIdentityBasedPolicy');
});

test('a temporary key works with its own secret and its own token only: of nine mixtures the diagonal', async () => {
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

test('a session ends at its time, and at once with its role', async () => {
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

test('an external id is asked for where the role says so', async () => {
  await using gateway = await startGatewayUnderTest();
  const condition = { StringEquals: { 'sts:ExternalId': 'partner-7' } };
  const arn = await makeRole(gateway, 'partner', trust(`acs:ram::${gateway.means.accountId}:root`, condition));
  assert.equal((await assume(gateway, gateway, arn)).body.Code, 'NoPermission');
  assert.equal((await assume(gateway, gateway, arn, { ExternalId: 'partner-8' })).body.Code, 'NoPermission');
  assert.ok((await assume(gateway, gateway, arn, { ExternalId: 'partner-7' })).body.Credentials);
});

test('refuses each malformed parameter with the code of its own', async () => {
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

test('logins by SAML and OIDC say that they are not there and what to use instead, signed or not', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const [action, Version] of [
    ['AssumeRoleWithSAML', '2015-04-01'],
    ['AssumeRoleWithOIDC', '2015-04-01'],
    ['CreateOIDCProvider', '2019-08-15'],
    ['CreateSAMLProvider', '2019-08-15'],
  ] as const) {
    const signed = signV1(gateway, 'GET', { Action: action, Version, SAMLProviderName: 'idp' });
    const unsigned = `/?Action=${action}&Version=${Version}&Format=JSON`;
    // SAML providers are listed among the operations: like those they are told apart to callers alone.
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
