import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { sampleParams } from '../support/api/sample-params.ts';

const FULL = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryFullAccess' };

/** Whether a key can now do more than a log reader may. */
async function hasRisen(gateway: GatewayUnderTest, key: KeyUnderTest): Promise<boolean> {
  const instance = await callAs(gateway, key, 'GetInstance', { InstanceId: gateway.instanceId });
  return instance.status === 200 || (await callAs(gateway, key, 'ListUsers')).status === 200;
}

test('no operation of RAM, STS or IMS raises the rights of a reader’s key, whatever it names', async () => {
  await using gateway = await startGatewayUnderTest();
  const reader = await makeUser(gateway, 'reader', policy('Allow', 'cr:GetRepositoryBuildLog'));
  await owner(gateway, 'CreateGroup', { GroupName: 'admins' });
  await owner(gateway, 'AttachPolicyToGroup', { ...FULL, GroupName: 'admins' });
  const { accountId } = gateway.means;
  const RoleArn = `acs:ram::${accountId}:role/admin`;
  const trust = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${accountId}:root`] } }],
  };
  await owner(gateway, 'CreateRole', { RoleName: 'admin', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await owner(gateway, 'AttachPolicyToRole', { ...FULL, RoleName: 'admin' });
  const targets = {
    ...FULL,
    UserName: 'reader',
    GroupName: 'admins',
    RoleName: 'admin',
    RoleArn,
    RoleSessionName: 'me',
    PolicyDocument: JSON.stringify(policy('Allow', '*')),
    Policy: JSON.stringify(policy('Allow', '*')),
    AssumeRolePolicyDocument: JSON.stringify(trust),
    NewAssumeRolePolicyDocument: JSON.stringify(trust),
    AccountAlias: 'reader',
    NewUserName: 'admin',
    SetAsDefault: 'true',
    VersionId: 'v1',
  };
  for (const action of (await loadOperations()).keys()) {
    const spec = operationSpecs[action as keyof typeof operationSpecs];
    if (spec.product === 'cr') continue;
    for (const given of [{}, { PolicyType: 'Custom', PolicyName: 'of-reader' }, { UserName: 'root' }]) {
      const params = sampleParams(action as keyof typeof operationSpecs, { ...targets, ...given }, true);
      const { status, body } = await callAs(gateway, reader, action as keyof typeof operationSpecs, params);
      const own = action === 'GetCallerIdentity' || action === 'ChangePassword';
      if (!own) assert.equal(body.AccessDeniedDetail?.AuthAction, spec.ramAction, `${action}: ${status} ${body.Code}`);
    }
  }
  assert.equal(await hasRisen(gateway, reader), false);
  assert.equal((await callAs(gateway, reader, 'GetCallerIdentity')).body.Arn, `acs:ram::${accountId}:user/reader`);
});

test('someone with all rights on one user cannot give that user a policy, a group or a name that others trust', async () => {
  await using gateway = await startGatewayUnderTest();
  const { accountId } = gateway.means;
  const self = policy('Allow', ['ram:*', 'sts:AssumeRole'], '*') as { Statement: { Resource: unknown }[] };
  const eve = await makeUser(gateway, 'eve', {
    ...self,
    Statement: [
      { ...self.Statement[0], Resource: [`acs:ram:*:*:user/eve`, `acs:ram:*:*:role/*`, `acs:ram:*:*:group/mine`] },
    ],
  });
  await owner(gateway, 'CreateGroup', { GroupName: 'mine' });
  const deployer = `acs:ram::${accountId}:user/deployer`;
  const trust = (arn: string) =>
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [arn] } }],
    });
  const role = { RoleName: 'deploy', AssumeRolePolicyDocument: trust(deployer) };
  await owner(gateway, 'CreateRole', role);
  await owner(gateway, 'AttachPolicyToRole', { ...FULL, RoleName: 'deploy' });
  // Her own role trusts her, but has no rights while she has no policy to attach.
  await callAs(gateway, eve, 'CreateRole', {
    RoleName: 'own',
    AssumeRolePolicyDocument: trust(`acs:ram::${accountId}:user/eve`),
  });
  const denied: [Parameters<typeof callAs>[2], Record<string, string>][] = [
    ['AttachPolicyToUser', { ...FULL, UserName: 'eve' }],
    ['AttachPolicyToUser', { PolicyType: 'Custom', PolicyName: 'of-eve', UserName: 'eve' }],
    ['DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName: 'of-eve', UserName: 'eve' }],
    ['AttachPolicyToGroup', { ...FULL, GroupName: 'mine' }],
    ['AttachPolicyToRole', { ...FULL, RoleName: 'own' }],
    ['UpdateUser', { UserName: 'eve', NewUserName: 'deployer' }],
    ['UpdateGroup', { GroupName: 'mine', NewGroupName: 'theirs' }],
    ['CreatePolicyVersion', { PolicyName: 'of-eve', PolicyDocument: JSON.stringify(policy('Allow', '*')) }],
    ['CreateAccessKey', { UserName: 'deployer' }],
  ];
  for (const [action, params] of denied) {
    const { status, body } = await callAs(gateway, eve, action, params);
    assert.deepEqual([status, body.Code], [403, 'NoPermission'], `${action} ${JSON.stringify(params)}`);
    assert.ok(body.AccessDeniedDetail, action);
  }
  for (const name of ['deploy', 'own']) {
    const asked = { RoleArn: `acs:ram::${accountId}:role/${name}`, RoleSessionName: 'me' };
    const { body } = await callAs(gateway, eve, 'AssumeRole', asked);
    if (name === 'deploy') assert.equal(body.Code, 'NoPermission');
    else {
      const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials;
      const session = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
      assert.equal(await hasRisen(gateway, session), false);
    }
  }
  // She may change what is hers: her own description, and her membership in her own group.
  assert.equal((await callAs(gateway, eve, 'UpdateUser', { UserName: 'eve', NewComments: 'c' })).status, 200);
  assert.equal((await callAs(gateway, eve, 'AddUserToGroup', { UserName: 'eve', GroupName: 'mine' })).status, 200);
  assert.equal(await hasRisen(gateway, eve), false);
});
