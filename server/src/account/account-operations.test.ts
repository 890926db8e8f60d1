import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

const LOG = { InstanceId: 'cri-none', RepoId: 'crr-none', BuildRecordId: 'none' };

test('a user without a policy is denied, with the details of the denial, before any id is looked up', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'reader');
  const { User } = await owner(gateway, 'GetUser', { UserName: 'reader' });
  const { status, body } = await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG);
  assert.equal(status, 403);
  assert.deepEqual([body.Code, body.Message], ['NoPrivilege', 'Access denied for this user.']);
  assert.deepEqual(body.AccessDeniedDetail, {
    AuthAction: 'cr:GetRepositoryBuildLog',
    AuthResource: '*',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: gateway.means.accountId,
    AuthPrincipalDisplayName: User.UserId,
    NoPermissionType: 'ImplicitDeny',
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  });
});

test('a policy for one action allows only that action, immediately and until it is detached', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'reader', policy('Allow', 'cr:GetRepositoryBuildLog'));
  assert.equal((await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG)).body.Code, 'INSTANCE_NOT_EXIST');
  assert.equal((await callAs(gateway, key, 'GetInstance', LOG)).body.Code, 'NoPrivilege');
  const attached = { PolicyType: 'Custom', PolicyName: 'of-reader', UserName: 'reader' };
  await owner(gateway, 'DetachPolicyFromUser', attached);
  assert.equal((await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG)).body.Code, 'NoPrivilege');
});

test('a grant limited to a repository or an instance does not allow reading the log', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const [name, resource] of [
    ['a', 'acs:cr:*:*:repository/*'],
    ['b', 'acs:cr:*:*:repository/cri-none/ns/*'],
    ['c', 'acs:cr:*:*:instance/*'],
  ] as const) {
    const key = await makeUser(gateway, name, policy('Allow', 'cr:*', resource));
    assert.equal((await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG)).body.Code, 'NoPrivilege', resource);
  }
});

test('changes to groups, members and default policy versions take effect immediately', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'reader');
  const ask = async () => (await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG)).body.Code;
  const PolicyName = 'logs';
  const deny = JSON.stringify(policy('Deny', 'cr:*'));
  const allow = JSON.stringify(policy('Allow', 'CR:getrepository*'));
  await owner(gateway, 'CreateGroup', { GroupName: 'readers' });
  await owner(gateway, 'CreatePolicy', { PolicyName, PolicyDocument: allow });
  await owner(gateway, 'AttachPolicyToGroup', { PolicyType: 'Custom', PolicyName, GroupName: 'readers' });
  assert.equal(await ask(), 'NoPrivilege');
  await owner(gateway, 'AddUserToGroup', { UserName: 'reader', GroupName: 'readers' });
  assert.equal(await ask(), 'INSTANCE_NOT_EXIST');
  await owner(gateway, 'CreatePolicyVersion', { PolicyName, PolicyDocument: deny, SetAsDefault: 'true' });
  const { body } = await callAs(gateway, key, 'ListRepoBuildRecordLog', LOG);
  assert.equal(body.AccessDeniedDetail.NoPermissionType, 'ExplicitDeny');
  await owner(gateway, 'SetDefaultPolicyVersion', { PolicyName, VersionId: 'v1' });
  assert.equal(await ask(), 'INSTANCE_NOT_EXIST');
  await owner(gateway, 'RemoveUserFromGroup', { UserName: 'reader', GroupName: 'readers' });
  assert.equal(await ask(), 'NoPrivilege');
});

test('a user can have two keys; a disabled or deleted key cannot sign, and the last use of a key is recorded', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'reader');
  const user = { UserName: 'reader', UserAccessKeyId: key.accessKeyId };
  await owner(gateway, 'CreateAccessKey', { UserName: 'reader' });
  const third = await callAs(gateway, gateway, 'CreateAccessKey', { UserName: 'reader' });
  assert.deepEqual([third.status, third.body.Code], [409, 'LimitExceeded.User.AccessKey']);
  assert.equal((await callAs(gateway, key, 'GetCallerIdentity')).status, 200);
  assert.match((await owner(gateway, 'GetAccessKeyLastUsed', user)).AccessKeyLastUsed.LastUsedDate, /^\d{4}-.*Z$/);
  await owner(gateway, 'UpdateAccessKey', { ...user, Status: 'Inactive' });
  const off = await callAs(gateway, key, 'GetCallerIdentity');
  assert.deepEqual([off.status, off.body.Code], [400, 'InvalidAccessKeyId.Inactive']);
  await owner(gateway, 'UpdateAccessKey', { ...user, Status: 'Active' });
  assert.equal((await callAs(gateway, key, 'GetCallerIdentity')).status, 200);
  await owner(gateway, 'DeleteAccessKey', user);
  assert.equal((await callAs(gateway, key, 'GetCallerIdentity')).body.Code, 'InvalidAccessKeyId.NotFound');
  assert.equal((await owner(gateway, 'ListAccessKeys', { UserName: 'reader' })).AccessKeys.AccessKey.length, 1);
});

test('without a UserName, a call is about the caller’s own keys, which the owner and roles do not have', async () => {
  await using gateway = await startGatewayUnderTest();
  const ada = await makeUser(gateway, 'ada', policy('Allow', 'ram:*AccessKey*', 'acs:ram:*:*:user/ada'));
  await makeUser(gateway, 'bob');
  const { AccessKeyId } = (await callAs(gateway, ada, 'CreateAccessKey')).body.AccessKey;
  const { AccessKeys } = (await callAs(gateway, ada, 'ListAccessKeys')).body;
  assert.deepEqual(
    AccessKeys.AccessKey.map((key: { AccessKeyId: string }) => key.AccessKeyId),
    [ada.accessKeyId, AccessKeyId],
  );
  const named = { UserAccessKeyId: AccessKeyId };
  assert.equal((await callAs(gateway, ada, 'UpdateAccessKey', { ...named, Status: 'Inactive' })).status, 200);
  assert.equal((await callAs(gateway, ada, 'DeleteAccessKey', named)).status, 200);
  assert.equal((await callAs(gateway, ada, 'CreateAccessKey', { UserName: 'bob' })).body.Code, 'NoPermission');
  const root = await callAs(gateway, gateway, 'CreateAccessKey');
  assert.deepEqual([root.status, root.body.Code], [400, 'MissingParameter']);
  assert.match(root.body.Message, /UserName/);
});

test('the calls Terraform makes to force-delete a user remove everything the user has', async () => {
  await using gateway = await startGatewayUnderTest();
  await makeUser(gateway, 'u', policy('Allow', 'cr:*'));
  const user = { UserName: 'u' };
  await owner(gateway, 'CreateGroup', { GroupName: 'g' });
  await owner(gateway, 'AddUserToGroup', { ...user, GroupName: 'g' });
  for (const { AccessKeyId } of (await owner(gateway, 'ListAccessKeys', user)).AccessKeys.AccessKey)
    await owner(gateway, 'DeleteAccessKey', { ...user, UserAccessKeyId: AccessKeyId });
  for (const { PolicyName, PolicyType } of (await owner(gateway, 'ListPoliciesForUser', user)).Policies.Policy)
    await owner(gateway, 'DetachPolicyFromUser', { ...user, PolicyName, PolicyType });
  for (const { GroupName } of (await owner(gateway, 'ListGroupsForUser', user)).Groups.Group)
    await owner(gateway, 'RemoveUserFromGroup', { ...user, GroupName });
  // Terraform continues if these answer that nothing exists.
  for (const [action, code] of [
    ['DeleteLoginProfile', 'EntityNotExist.User.LoginProfile'],
    ['UnbindMFADevice', 'EntityNotExist.User.MFADevice'],
  ] as const)
    assert.equal((await callAs(gateway, gateway, action, user)).body.Code, code);
  await owner(gateway, 'DeleteUser', user);
  assert.equal((await callAs(gateway, gateway, 'GetUser', user)).body.Code, 'EntityNotExist.User');
});

test('users, groups and policies cannot be deleted while something is attached to them', async () => {
  await using gateway = await startGatewayUnderTest();
  const refused = async (action: 'DeleteUser' | 'DeleteGroup' | 'DeletePolicy', params: Record<string, string>) =>
    (await callAs(gateway, gateway, action, params)).body.Code;
  const key = await makeUser(gateway, 'u', policy('Allow', 'cr:*'));
  const user = { UserName: 'u' };
  const attached = { PolicyType: 'Custom', PolicyName: 'of-u' };
  await owner(gateway, 'CreateGroup', { GroupName: 'g' });
  await owner(gateway, 'AddUserToGroup', { ...user, GroupName: 'g' });
  await owner(gateway, 'CreateLoginProfile', { ...user, Password: 'correct horse' });
  assert.equal(await refused('DeleteUser', user), 'DeleteConflict.User.AccessKey');
  await owner(gateway, 'DeleteAccessKey', { ...user, UserAccessKeyId: key.accessKeyId });
  assert.equal(await refused('DeleteUser', user), 'DeleteConflict.User.LoginProfile');
  await owner(gateway, 'DeleteLoginProfile', user);
  assert.equal(await refused('DeleteUser', user), 'DeleteConflict.User.Group');
  assert.equal(await refused('DeleteGroup', { GroupName: 'g' }), 'DeleteConflict.Group.User');
  await owner(gateway, 'RemoveUserFromGroup', { ...user, GroupName: 'g' });
  assert.equal(await refused('DeleteUser', user), 'DeleteConflict.User.Policy');
  assert.equal(await refused('DeletePolicy', attached), 'DeleteConflict.Policy.Attachment');
  await owner(gateway, 'DetachPolicyFromUser', { ...attached, ...user });
  for (const action of ['DeleteUser', 'DeleteGroup', 'DeletePolicy'] as const) {
    await owner(gateway, action, { ...user, ...attached, GroupName: 'g' });
  }
  assert.deepEqual((await owner(gateway, 'ListUsers')).Users, { User: [] });
});

test('lists continue from their marker, and replies have a RequestId and no Code', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const name of ['a', 'b', 'c']) await owner(gateway, 'CreateUser', { UserName: name });
  const first = await owner(gateway, 'ListUsers', { MaxItems: '2' });
  assert.deepEqual(Object.keys(first), ['RequestId', 'IsTruncated', 'Marker', 'Users']);
  const names = (reply: typeof first) => reply.Users.User.map((user: { UserName: string }) => user.UserName);
  assert.deepEqual([first.IsTruncated, names(first)], [true, ['a', 'b']]);
  const second = await owner(gateway, 'ListUsers', { MaxItems: '2', Marker: first.Marker });
  assert.deepEqual([second.IsTruncated, names(second)], [false, ['c']]);
  const bad = await callAs(gateway, gateway, 'ListUsers', { Marker: '*' });
  assert.match(bad.body.Message, /"Marker"/);
});

test('denials in product ram are NoPermission, and a grant can cover a part of it', async () => {
  await using gateway = await startGatewayUnderTest();
  const key = await makeUser(gateway, 'admin', policy('Allow', 'ram:*', 'acs:ram:*:*:user/adm*'));
  const denied = await callAs(gateway, key, 'GetUser', { UserName: 'nobody' });
  assert.deepEqual([denied.status, denied.body.Code], [403, 'NoPermission']);
  assert.equal((await callAs(gateway, key, 'GetUser', { UserName: 'admin' })).status, 200);
  assert.equal((await callAs(gateway, key, 'ListPolicies')).body.Code, 'NoPermission');
});

test('refuses names that could act as wildcards or paths, and policies that break the grammar', async () => {
  await using gateway = await startGatewayUnderTest();
  for (const name of ['a*', 'a/b', 'a:b', 'a?', 'ä', '${x}', 'a b', 'x'.repeat(65)]) {
    const { status, body } = await callAs(gateway, gateway, 'CreateUser', { UserName: name });
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], name);
  }
  for (const document of ['', '{}', '[]', '{"Version":"1","Statement":[]}', '{"Version":"2","Statement":[{}]}']) {
    const params = { PolicyName: 'p', PolicyDocument: document || ' ' };
    const { status, body } = await callAs(gateway, gateway, 'CreatePolicy', params);
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter.PolicyDocument'], document);
  }
});
