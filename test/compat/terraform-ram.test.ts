import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { productVersions } from '../../server/src/rpc/spec.gen.ts';
import { vendorClients } from '../support/api/vendor-clients.ts';

/*
 * What the Terraform provider does for each of its RAM resources: create, read, change, read, import, delete, read. The
 * calls, and the fields that it reads back, come from its source. The vendor's client sends them in the provider's
 * form: common parameters in the query, the others in a form body. Values read must equal the values written, or every
 * plan would show a change.
 */

// biome-ignore lint/suspicious/noExplicitAny: the reply of any operation.
type Reply = any;
type Call = (action: string, params?: Record<string, string>) => Promise<Reply>;

const FLAGS = ['RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers', 'RequireSymbols'];
const ALL_OFF = Object.fromEntries(FLAGS.map((name) => [name, false]));

const document = (action: string) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: [action], Resource: ['*'] }] });
const trust = (service: string) =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: [service] } }],
  });

suite("Terraform's RAM resources read what they wrote", () => {
  let gateway: GatewayUnderTest;
  let ram: Call;
  let ims: Call;
  let accountId: string;

  before(async () => {
    gateway = await startGatewayUnderTest();
    const callOf =
      (apiVersion: string): Call =>
      async (action, params = {}) => {
        const client = vendorClients({ ...gateway, apiVersion }).find(({ name }) => name === 'rpc-client body');
        if (!client) throw new Error('npm does not have this client');
        // The provider sends its region with every call.
        return client.call(action, { RegionId: 'local', ...params });
      };
    ram = callOf(productVersions.ram);
    ims = callOf(productVersions.ims);
    accountId = (await callOf(productVersions.sts)('GetCallerIdentity')).AccountId;
  });
  after(() => gateway[Symbol.asyncDispose]());

  test('alicloud_ram_user: found by its id in the list, changed, cleared, tagged, renamed and deleted', async () => {
    const made = { UserName: 'tf-user', DisplayName: 'Terraform', Email: 'a@example.com', Comments: 'by plan' };
    const { UserId } = (await ram('CreateUser', { ...made, MobilePhone: '86-13900000000' })).User;
    const read = async () => {
      const listed = (await ram('ListUsers', { MaxItems: '100' })).Users.User as Reply[];
      const found = listed.find((user) => user.UserId === UserId);
      return found && (await ram('GetUser', { UserName: found.UserName })).User;
    };
    assertHas(await read(), { ...made, UserId, MobilePhone: '86-13900000000' });
    const cleared = { NewDisplayName: '', NewMobilePhone: '', NewEmail: '', NewComments: '' };
    await ram('UpdateUser', { UserName: 'tf-user', NewUserName: 'tf-renamed', ...cleared });
    assertHas(await read(), { UserName: 'tf-renamed', DisplayName: '', MobilePhone: '', Email: '', Comments: '' });
    const named = { ResourceType: 'user', 'ResourceId.1': UserId };
    assert.deepEqual(tagsOf(await ims('ListTagResources', named)), {});
    const tags = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'platform', 'Tag.2.Key': 'stage', 'Tag.2.Value': '' };
    await ims('TagResources', { ...named, ...tags });
    assert.deepEqual(tagsOf(await ims('ListTagResources', named)), { team: 'platform', stage: '' });
    await ims('UntagResources', { ...named, 'TagKey.1': 'stage' });
    assert.deepEqual(tagsOf(await ims('ListTagResources', named)), { team: 'platform' });
    await ram('DeleteUser', { UserName: 'tf-renamed' });
    assert.equal(await read(), undefined);
    assert.equal(await codeOf(ims('ListTagResources', named)), 'EntityNotExist.User');
  });

  test('alicloud_ram_group, _group_membership and _user_group_attachment', async () => {
    await ram('CreateGroup', { GroupName: 'tf-group', Comments: 'first' });
    await ram('CreateUser', { UserName: 'tf-member' });
    await ram('UpdateGroup', { GroupName: 'tf-group', NewComments: 'second' });
    assertHas((await ram('GetGroup', { GroupName: 'tf-group' })).Group, { GroupName: 'tf-group', Comments: 'second' });
    await ram('UpdateGroup', { GroupName: 'tf-group', NewComments: '' });
    assertHas((await ram('GetGroup', { GroupName: 'tf-group' })).Group, { Comments: '' });
    await ram('AddUserToGroup', { GroupName: 'tf-group', UserName: 'tf-member' });
    const members = async () => (await ram('ListUsersForGroup', { GroupName: 'tf-group' })).Users.User;
    assert.deepEqual(
      (await members()).map((user: Reply) => user.UserName),
      ['tf-member'],
    );
    assert.equal(await codeOf(ram('DeleteGroup', { GroupName: 'tf-group' })), 'DeleteConflict.Group.User');
    await ram('RemoveUserFromGroup', { GroupName: 'tf-group', UserName: 'tf-member' });
    assert.deepEqual(await members(), []);
    await ram('DeleteGroup', { GroupName: 'tf-group' });
    assert.equal(await codeOf(ram('GetGroup', { GroupName: 'tf-group' })), 'EntityNotExist.Group');
    await ram('DeleteUser', { UserName: 'tf-member' });
  });

  test('alicloud_ram_role: made with tags, described again, cleared, tagged and deleted', async () => {
    const made = { RoleName: 'tf-role', Description: 'first', AssumeRolePolicyDocument: trust('ecs.aliyuncs.com') };
    const Tag = JSON.stringify([{ Key: 'team', Value: 'platform' }]);
    const created = await ram('CreateRole', { ...made, MaxSessionDuration: '7200', AllowConsoleLogin: 'false', Tag });
    assert.equal(created.Role.RoleName, 'tf-role');
    const read = async () => (await ram('GetRole', { RoleName: 'tf-role' })).Role;
    const Arn = `acs:ram::${accountId}:role/tf-role`;
    assertHas(await read(), { ...made, Arn, MaxSessionDuration: 7200, AllowConsoleLogin: false });
    const named = { ResourceType: 'role', ResourceNames: '["tf-role"]' };
    assert.deepEqual(tagsOf(await ram('ListTagResources', named)), { team: 'platform' });
    const NewAssumeRolePolicyDocument = trust('cr.aliyuncs.com');
    await ram('UpdateRole', { RoleName: 'tf-role', NewDescription: '', NewAssumeRolePolicyDocument });
    assertHas(await read(), { Description: '', AssumeRolePolicyDocument: NewAssumeRolePolicyDocument });
    await ram('UntagResources', { ...named, 'TagKey.1': 'team', TagKeys: '["team"]' });
    await ram('TagResources', { ...named, Tag: JSON.stringify([{ Key: 'stage', Value: 'test' }]) });
    assert.deepEqual(tagsOf(await ram('ListTagResources', named)), { stage: 'test' });
    const console = { RoleName: 'tf-role', NewAllowConsoleLogin: 'true' };
    assert.equal(await codeOf(ram('UpdateRole', console)), 'NotImplemented');
    await ram('DeleteRole', { RoleName: 'tf-role' });
    assert.equal(await codeOf(ram('GetRole', { RoleName: 'tf-role' })), 'EntityNotExist.Role');
  });

  test('alicloud_ram_policy: a new document is a new version, and a forced deletion removes all versions', async () => {
    const custom = { PolicyName: 'tf-policy', PolicyType: 'Custom' };
    const Tag = JSON.stringify([{ Key: 'team', Value: 'platform' }]);
    const made = { PolicyName: 'tf-policy', Description: 'first', PolicyDocument: document('cr:GetInstance') };
    await ram('CreatePolicy', { ...made, Tag });
    const read = () => ram('GetPolicy', custom);
    assertHas((await read()).Policy, { DefaultVersion: 'v1', Description: 'first', AttachmentCount: 0 });
    assertHas((await read()).DefaultPolicyVersion, { PolicyDocument: made.PolicyDocument, VersionId: 'v1' });
    const changed = { PolicyName: 'tf-policy', PolicyDocument: document('cr:ListInstance'), SetAsDefault: 'true' };
    await ram('CreatePolicyVersion', { ...changed, RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded' });
    assertHas((await read()).DefaultPolicyVersion, { PolicyDocument: changed.PolicyDocument, VersionId: 'v2' });
    await ram('UpdatePolicyDescription', { PolicyName: 'tf-policy', NewDescription: 'second' });
    assertHas((await read()).Policy, { Description: 'second' });
    const named = { ResourceType: 'policy', ResourceNames: '["tf-policy"]' };
    assert.deepEqual(tagsOf(await ram('ListTagResources', named)), { team: 'platform' });
    assert.deepEqual((await ram('ListEntitiesForPolicy', custom)).Users.User, []);
    const versions = (await ram('ListPolicyVersions', custom)).PolicyVersions.PolicyVersion as Reply[];
    for (const { VersionId } of versions.filter((version) => !version.IsDefaultVersion))
      await ram('DeletePolicyVersion', { PolicyName: 'tf-policy', VersionId });
    await ram('DeletePolicy', { PolicyName: 'tf-policy' });
    assert.equal(await codeOf(read()), 'EntityNotExist.Policy');
    // A new policy with the same name inherits nothing from the first.
    await ram('CreatePolicy', made);
    assert.deepEqual(tagsOf(await ram('ListTagResources', named)), {});
    await ram('DeletePolicy', { PolicyName: 'tf-policy' });
  });

  for (const kind of ['User', 'Group', 'Role']) {
    test(`alicloud_ram_${kind.toLowerCase()}_policy_attachment`, async () => {
      const target = { [`${kind}Name`]: 'tf-target' };
      const role = kind === 'Role' ? { AssumeRolePolicyDocument: trust('ecs.aliyuncs.com') } : {};
      await ram(`Create${kind}`, { ...target, ...role });
      await ram('CreatePolicy', { PolicyName: 'tf-attached', PolicyDocument: document('cr:GetInstance') });
      const attachment = { PolicyName: 'tf-attached', PolicyType: 'Custom', ...target };
      const read = async () => (await ram(`ListPoliciesFor${kind}`, target)).Policies.Policy;
      await ram(`AttachPolicyTo${kind}`, attachment);
      assertHas((await read())[0], { PolicyName: 'tf-attached', PolicyType: 'Custom' });
      await ram(`DetachPolicyFrom${kind}`, attachment);
      assert.deepEqual(await read(), []);
      assert.match(await codeOf(ram(`DetachPolicyFrom${kind}`, attachment)), /^EntityNotExist/);
      await ram('DeletePolicy', { PolicyName: 'tf-attached' });
      await ram(`Delete${kind}`, target);
    });
  }

  test('alicloud_ram_access_key: disabled and enabled, found in its user’s list', async () => {
    const user = { UserName: 'tf-keys' };
    await ram('CreateUser', user);
    const { AccessKeyId, AccessKeySecret } = (await ram('CreateAccessKey', user)).AccessKey;
    assert.ok(AccessKeySecret);
    const read = async () => {
      const keys = (await ram('ListAccessKeys', user)).AccessKeys.AccessKey as Reply[];
      return keys.find((key) => key.AccessKeyId === AccessKeyId)?.Status;
    };
    assert.equal(await read(), 'Active');
    await ram('UpdateAccessKey', { ...user, UserAccessKeyId: AccessKeyId, Status: 'Inactive' });
    assert.equal(await read(), 'Inactive');
    await ram('DeleteAccessKey', { ...user, UserAccessKeyId: AccessKeyId });
    assert.equal(await read(), undefined);
    await ram('DeleteUser', user);
  });

  test('alicloud_ram_login_profile', async () => {
    const user = { UserName: 'tf-login' };
    await ram('CreateUser', user);
    const Password = 'Terraform-1';
    const off = { PasswordResetRequired: 'false', MFABindRequired: 'false' };
    await ram('CreateLoginProfile', { ...user, Password, ...off });
    const read = async () => (await ram('GetLoginProfile', user)).LoginProfile;
    assertHas(await read(), { ...user, PasswordResetRequired: false, MFABindRequired: false });
    await ram('UpdateLoginProfile', { ...user, Password, PasswordResetRequired: 'true' });
    assertHas(await read(), { PasswordResetRequired: true });
    await ram('DeleteLoginProfile', user);
    assert.equal(await codeOf(read()), 'EntityNotExist.User.LoginProfile');
    await ram('DeleteUser', user);
  });

  test('alicloud_ram_account_alias', async () => {
    assert.match(await codeOf(ram('GetAccountAlias')), /^EntityNotExist/);
    for (const AccountAlias of ['tf-alias', 'tf-other']) {
      await ram('SetAccountAlias', { AccountAlias });
      assert.equal((await ram('GetAccountAlias')).AccountAlias, AccountAlias);
    }
    await ram('ClearAccountAlias');
    assert.match(await codeOf(ram('GetAccountAlias')), /^EntityNotExist/);
    for (const AccountAlias of ['ab', 'a'.repeat(33), '-ab', 'ab-', 'a--b', 'Abc', 'a.b'])
      assert.equal(await codeOf(ram('SetAccountAlias', { AccountAlias })), 'InvalidParameter');
  });

  test('alicloud_ram_account_password_policy: deleting it sets the provider’s defaults', async () => {
    const first = { MinimumPasswordLength: 9, MaxPasswordAge: 12, PasswordReusePrevention: 5, MaxLoginAttemps: 3 };
    const corporate = { ...first, ...ALL_OFF, HardExpiry: true };
    await ram('SetPasswordPolicy', asTexts(corporate));
    assertHas((await ram('GetPasswordPolicy')).PasswordPolicy, corporate);
    const allOn = Object.fromEntries(FLAGS.map((name) => [name, true]));
    const numbers = { MinimumPasswordLength: 12, MaxPasswordAge: 0, PasswordReusePrevention: 0, MaxLoginAttemps: 5 };
    const defaults = { ...numbers, ...allOn, HardExpiry: false };
    await ram('SetPasswordPolicy', asTexts(defaults));
    assertHas((await ram('GetPasswordPolicy')).PasswordPolicy, defaults);
  });

  test('alicloud_ram_password_policy: the same policy through product ims, which sends only changes', async () => {
    const numbers = { MinimumPasswordLength: 8, MaxPasswordAge: 0, PasswordReusePrevention: 1, MaxLoginAttemps: 1 };
    const rules = { HardExpire: false, PasswordNotContainUserName: false, MinimumPasswordDifferentCharacter: 1 };
    const whole = { ...numbers, ...ALL_OFF, ...rules };
    await ims('SetPasswordPolicy', asTexts(whole));
    assertHas((await ims('GetPasswordPolicy')).PasswordPolicy, whole);
    const change = { HardExpire: true, MinimumPasswordDifferentCharacter: 4 };
    await ims('SetPasswordPolicy', asTexts(change));
    assertHas((await ims('GetPasswordPolicy')).PasswordPolicy, { ...whole, ...change });
    assert.equal((await ram('GetPasswordPolicy')).PasswordPolicy.HardExpiry, true);
  });

  test('alicloud_ram_security_preference', async () => {
    const read = async () => {
      const { SecurityPreference: all } = await ims('GetSecurityPreference');
      return { ...all.AccessKeyPreference, ...all.LoginProfilePreference, ...all.MFAPreference };
    };
    const off = {
      EnableSaveMFATicket: false,
      EnforceMFAForLogin: false,
      AllowUserToManageAccessKeys: false,
      AllowUserToManageMFADevices: false,
    };
    const preference = { ...off, AllowUserToChangePassword: false, LoginSessionDuration: 6 };
    const LoginNetworkMasks = '192.0.2.0/24;198.51.100.7';
    await ims('SetSecurityPreference', asTexts({ ...preference, LoginNetworkMasks }));
    assertHas(await read(), { ...preference, LoginNetworkMasks });
    await ims('SetSecurityPreference', asTexts({ ...preference, LoginNetworkMasks: '' }));
    assertHas(await read(), { ...preference, LoginNetworkMasks: '' });
    const more = { ...preference, EnforceMFAForLogin: true };
    assert.equal(await codeOf(ims('SetSecurityPreference', asTexts(more))), 'NotImplemented');
    assertHas((await ram('GetSecurityPreference')).SecurityPreference.LoginProfilePreference, {
      AllowUserToChangePassword: false,
    });
  });

  test('alicloud_ram_saml_provider is refused by name: roles cannot be assumed with SAML here', async () => {
    const provider = { SAMLProviderName: 'tf-idp' };
    const document = { EncodedSAMLMetadataDocument: 'PG1kLz4=', NewEncodedSAMLMetadataDocument: 'PG1kLz4=' };
    for (const verb of ['Create', 'Get', 'Update', 'Delete'])
      assert.equal(await codeOf(ims(`${verb}SAMLProvider`, { ...provider, ...document })), 'NotImplemented');
    assert.equal(await codeOf(ims('ListSAMLProviders')), 'NotImplemented');
  });

  test('its data sources find everything that exists', async () => {
    await ram('CreateUser', { UserName: 'tf-listed' });
    const custom = { PolicyType: 'Custom', PolicyName: 'tf-listed' };
    await ram('CreatePolicy', { PolicyName: 'tf-listed', PolicyDocument: document('cr:GetInstance') });
    await ram('AttachPolicyToUser', { ...custom, UserName: 'tf-listed' });
    assertHas((await ram('ListEntitiesForPolicy', custom)).Users.User[0], { UserName: 'tf-listed' });
    assertHas((await ram('ListPolicies', { PolicyType: 'Custom', MaxItems: '1000' })).Policies.Policy[0], custom);
    const system = (await ram('ListPolicies', { PolicyType: 'System', MaxItems: '1000' })).Policies.Policy;
    assert.ok(system.some((policy: Reply) => policy.PolicyName === 'AliyunRAMFullAccess'));
    assert.deepEqual((await ram('ListRoles', { MaxItems: '1000' })).Roles.Role, []);
    assert.deepEqual((await ram('ListGroupsForUser', { UserName: 'tf-listed' })).Groups.Group, []);
  });
});

function asTexts(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** Fails unless the object has these fields with these values. */
function assertHas(object: Reply, fields: object): void {
  const same = Object.keys(fields).map((name) => [name, object?.[name]]);
  assert.deepEqual(Object.fromEntries(same), fields);
}

function tagsOf({ TagResources }: Reply): object {
  const rows: Reply[] = TagResources.TagResource ?? TagResources;
  return Object.fromEntries(rows.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

/** The code of a refusal, without the Error that this client adds. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'success',
    (error: { code?: string }) => String(error.code).replace(/Error$/, ''),
  );
}
