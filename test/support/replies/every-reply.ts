import assert from 'node:assert/strict';
import { parseIpRange } from '../../../server/src/address/ip-range.ts';
import { claimCancelledRecord, endBuildRecord } from '../../../server/src/build/queue/queue-store.ts';
import { loadOperations } from '../../../server/src/gateway/load-operations.ts';
import type { callAs, KeyUnderTest } from '../../../server/src/gateway/testing/caller.ts';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { pushUnderTest } from '../../../server/src/image/testing/pushed-image.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';
import { saveCodeHost } from '../../../server/src/source/hosts/code-host-store.ts';
import { callAboutAcceleration } from './acceleration-replies.ts';
import { callChains } from './chain-replies.ts';
import { callAboutCharts } from './chart-replies.ts';
import { callEventRules } from './event-rule-replies.ts';
import { NEVER_SENT } from './never-sent.ts';
import { declaredFields, noteFields } from './reply-fields.ts';
import { callScans } from './scan-replies.ts';
import { callSubscriptions } from './subscription-replies.ts';
import { callSync } from './sync-replies.ts';

const DOCUMENT = JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'cr:Get*', Resource: '*' }] });
const CONFIGURATION = JSON.stringify({
  RepoType: 'PRIVATE',
  TagImmutability: false,
  ArtifactBuildRuleParameters: { ImageIndexOnly: false },
});
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: ['acs:ram::1234567890123456:root'] } }],
});

/**
 * Calls every operation through `caller`, and compares the fields of each reply and their types with the declared ones.
 * The caller is ourselves, or one of the vendor's clients, which reads each reply by its own types (`test/clients/`).
 */
export async function checkEveryReply(caller: typeof callAs): Promise<void> {
  const clients = parseIpRange('10.8.0.0/16');
  assert.ok(clients);
  const networks = [{ vpcId: 'vpc-1', vswitchId: 'vsw-1', clients, address: '10.8.0.1' }];
  await using gateway = await startGatewayUnderTest({ means: { networks } });
  const { instanceId: InstanceId } = gateway;
  const seen = new Map<Action, Map<string, string>>();
  const call = async (action: Action, params: Record<string, string> = {}, key: KeyUnderTest = gateway) => {
    const { status, body } = await caller(gateway, key, action, params);
    assert.equal(status, 200, `${action}: ${JSON.stringify(body)}`);
    const paths = seen.get(action) ?? new Map<string, string>();
    seen.set(action, paths);
    noteFields('', body, paths);
    return body;
  };
  const all = async (calls: readonly (readonly [Action, Record<string, string>?])[]) => {
    for (const [action, params] of calls) await call(action, params);
  };

  // Product cr: a repository, bound to a source, with a rule and its builds.
  const NamespaceName = 'other';
  const RepoNamespaceName = NamespaceName;
  const namespace = { InstanceId, NamespaceName };
  const endpoint = { InstanceId, EndpointType: 'internet' };
  const domain = { InstanceId, Domain: 'registry.team.test', ModuleName: 'Registry' };
  const network = { InstanceId, VpcId: 'vpc-1', VswitchId: 'vsw-1' };
  const tagging = { RegionId: 'local', ResourceType: 'Instance', 'ResourceId.1': InstanceId };
  await all([
    ['TagResources', { ...tagging, 'Tag.1.Key': 'team', 'Tag.1.Value': 'core' }],
    ['ListTagResources', tagging],
    ['ChangeResourceGroup', { ResourceId: InstanceId, ResourceRegionId: 'local', ResourceGroupId: 'rg-a' }],
    ['GetInstance', { InstanceId }],
    ['ListInstance'],
    ['GetAuthorizationToken', { InstanceId }],
    ['ResetLoginPassword', { InstanceId, Password: 'letters-and-1' }],
    ['CreateInstanceEndpointAclPolicy', { ...endpoint, Entry: '192.0.2.0/24', Comment: 'lab' }],
    ['GetInstanceEndpoint', endpoint],
    ['CreateInstanceVpcEndpointLinkedVpc', { ...network, EnableCreateDNSRecordInPvzt: 'true' }],
    ['GetInstanceVpcEndpoint', { InstanceId }],
    ['ListInstanceEndpoint', { InstanceId }],
    ['DeleteInstanceVpcEndpointLinkedVpc', network],
    ['DeleteInstanceEndpointAclPolicy', { ...endpoint, Entry: '192.0.2.0/24' }],
    ['UpdateInstanceEndpointStatus', { ...endpoint, Enable: 'true' }],
    ['CreateInstanceCustomizedDomain', { ...domain, CertId: 'own' }],
    ['GetInstanceCustomizedDomain', domain],
    ['UpdateInstanceCustomizedDomain', { ...domain, CertId: 'other' }],
    ['DeleteInstanceCustomizedDomain', domain],
    ['GetInstanceCount'],
    ['ListInstanceRegion'],
    ['GetInstanceUsage', { InstanceId }],
    ['UntagResources', { ...tagging, All: 'true' }],
    ['CreateNamespace', namespace],
    ['UpdateNamespace', { ...namespace, AutoCreateRepo: 'true', DefaultRepoConfiguration: CONFIGURATION }],
    ['ListNamespace', { InstanceId }],
    ['GetNamespace', namespace],
  ]);
  const about = { RepoType: 'PRIVATE', Summary: 'an app', Detail: 'what it is' };
  const { RepoId } = await call('CreateRepository', { InstanceId, RepoNamespaceName, RepoName: 'app', ...about });
  const { db } = gateway.means;
  const host = {
    codeRepoType: 'GITLAB' as const,
    baseUrl: 'https://gitlab.example',
    allowPrivate: false,
    statuses: undefined,
  };
  await saveCodeHost(gateway.means, InstanceId, { ...host, login: undefined }, 1);
  const named = { InstanceId, RepoId };
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' };
  await all([
    ['UpdateRepository', { ...named, ...about, TagImmutability: 'false' }],
    ['GetRepository', named],
    ['ListRepository', { InstanceId, PageSize: '1' }],
    ['ListRepository', { InstanceId, MaxResults: '1' }],
    ['CreateRepoSourceCodeRepo', { ...named, ...code }],
    ['UpdateRepoSourceCodeRepo', { ...named, ...code, AutoBuild: 'true' }],
    ['GetRepoSourceCodeRepo', named],
  ]);
  const pushed = { instanceId: InstanceId, namespaceName: NamespaceName, name: 'app' };
  await pushUnderTest(db, pushed, { tag: 'v1', image: 1, nowMs: 1 });
  await all([
    ['CreateRepoTag', { InstanceId, NamespaceName, RepoName: 'app', FromTag: 'v1', ToTag: 'v2' }],
    ['GetRepoTag', { ...named, Tag: 'v2' }],
    ['ListRepoTag', { ...named, PageSize: '1' }],
    ['ListRepoTag', { ...named, MaxResults: '1' }],
    ['DeleteRepoTag', { ...named, Tag: 'v2' }],
  ]);
  await callAboutAcceleration(call, gateway.means, { InstanceId, RepoId });
  const lifecycle = { InstanceId, Scope: 'REPO', NamespaceName, RepoName: 'app', RetentionTagCount: '5' };
  const weekly = { ...lifecycle, Auto: 'true', ScheduleTime: 'WEEK', TagRegexp: '.*', DryRun: 'true' };
  const { RuleId } = await call('CreateArtifactLifecycleRule', weekly);
  await all([
    ['GetArtifactLifecycleRule', { InstanceId, RuleId }],
    ['ListArtifactLifecycleRule', { InstanceId }],
    ['UpdateArtifactLifecycleRule', { ...lifecycle, RuleId }],
    ['DeleteArtifactLifecycleRule', { InstanceId, RuleId }],
  ]);
  await callChains(gateway.means, call, pushed);
  await callEventRules(gateway.means, call, pushed);
  await callScans(db, call, { ...named, Tag: 'v1', NamespaceName });
  const trigger = {
    TriggerName: 'deploy',
    TriggerType: 'TAG_LIST',
    TriggerTag: 'v1',
    TriggerUrl: 'https://x.example/',
  };
  const { TriggerId } = await call('CreateRepoTrigger', { ...named, ...trigger });
  await all([
    ['UpdateRepoTrigger', { ...named, TriggerId, TriggerTag: 'v1,v2' }],
    ['ListRepoTrigger', named],
    ['DeleteRepoTrigger', { ...named, TriggerId }],
  ]);
  await callSync({ call, db }, { InstanceId, NamespaceName, RepoId, about });
  await callSubscriptions({ call, db }, { InstanceId, NamespaceName, RepoName: 'app' });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest', 'BuildArgs.1': 'K=V' };
  const { BuildRuleId } = await call('CreateRepoBuildRule', { ...named, ...rule, 'Platforms.1': 'linux/amd64' });
  await call('UpdateRepoBuildRule', { ...named, BuildRuleId, DockerfileLocation: '/a', DockerfileName: 'Dockerfile' });
  await call('ListRepoBuildRule', named);
  const { BuildRecordId } = await call('CreateBuildRecordByRule', { ...named, BuildRuleId });
  const record = { ...named, BuildRecordId };
  await call('CreateBuildRecordByRecord', record);
  await call('CancelRepoBuildRecord', record);
  const claimed = await claimCancelledRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 });
  const holder = { buildRecordId: BuildRecordId, owner: 'a', epoch: claimed?.leaseEpoch ?? 0 };
  const log = await gateway.means.logbook.create(BuildRecordId);
  await log.line('fetch stage begin');
  await log.committed();
  await log.seal({ verdict: 'complete' });
  await endBuildRecord(db, holder, { status: 'CANCELED', endedMs: 3 });
  await all([
    ['GetRepoBuildRecord', { InstanceId, BuildRecordId }],
    ['GetRepoBuildRecordStatus', record],
    ['ListRepoBuildRecord', named],
    ['ListRepoBuildRecordLog', record],
    ['DeleteRepoBuildRule', { ...named, BuildRuleId }],
    ['DeleteRepository', named],
  ]);
  await callAboutCharts(call, db, { InstanceId, NamespaceName });
  await call('CreateNamespace', { InstanceId, NamespaceName: 'empty' });
  await call('DeleteNamespace', { InstanceId, NamespaceName: 'empty' });

  // Products ram, ims and sts: a user, a group, a role and a policy that binds them.
  const UserName = 'reader';
  const GroupName = 'team';
  const PolicyName = 'reads';
  const RoleName = 'builder';
  const PolicyType = 'Custom';
  const Tag = JSON.stringify([{ Key: 'team', Value: 'platform' }]);
  const person = {
    DisplayName: 'Reader',
    MobilePhone: '86-13900000000',
    Email: 'reader@example.com',
    Comments: 'reads',
  };
  const policy = { PolicyType, PolicyName };
  await all([
    ['CreateUser', { UserName, ...person }],
    ['CreateUser', { UserName: 'other' }],
  ]);
  await db.updateTable('ram_user').set({ last_login_ms: 1 }).execute();
  await all([
    ['UpdateUser', { UserName, NewComments: 'reads logs' }],
    ['GetUser', { UserName }],
    ['ListUsers', { MaxItems: '1' }],
    ['CreateGroup', { GroupName, Comments: 'ours' }],
    ['CreateGroup', { GroupName: 'other' }],
    ['UpdateGroup', { GroupName, NewComments: 'all of us' }],
    ['GetGroup', { GroupName }],
    ['ListGroups', { MaxItems: '1' }],
    ['AddUserToGroup', { UserName, GroupName }],
    ['AddUserToGroup', { UserName: 'other', GroupName }],
    ['ListGroupsForUser', { UserName }],
    ['ListUsersForGroup', { GroupName, MaxItems: '1' }],
    ['CreatePolicy', { PolicyName, PolicyDocument: DOCUMENT, Description: 'reads', Tag }],
    ['CreatePolicyVersion', { PolicyName, PolicyDocument: DOCUMENT }],
    ['UpdatePolicyDescription', { PolicyName, NewDescription: 'reads logs' }],
    ['GetPolicy', policy],
    ['GetPolicyVersion', { ...policy, VersionId: 'v1' }],
    ['ListPolicyVersions', policy],
    ['ListPolicies', { MaxItems: '1' }],
    ['ListPolicies', { PolicyType, Tag }],
    ['CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST, Description: 'builds', Tag }],
    ['CreateRole', { RoleName: 'other', AssumeRolePolicyDocument: TRUST }],
    ['UpdateRole', { RoleName, NewDescription: 'builds images' }],
    ['GetRole', { RoleName }],
    ['ListRoles', { MaxItems: '1' }],
    ['AttachPolicyToUser', { ...policy, UserName }],
    ['AttachPolicyToGroup', { ...policy, GroupName }],
    ['AttachPolicyToRole', { ...policy, RoleName }],
    ['ListEntitiesForPolicy', policy],
    ['ListPoliciesForUser', { UserName }],
    ['ListPoliciesForGroup', { GroupName }],
    ['ListPoliciesForRole', { RoleName }],
    ['CreateLoginProfile', { UserName, Password: 'a-first-Password', PasswordResetRequired: 'false' }],
    ['UpdateLoginProfile', { UserName, PasswordResetRequired: 'true' }],
    ['GetLoginProfile', { UserName }],
    ['SetAccountAlias', { AccountAlias: 'example-team' }],
    ['GetAccountAlias'],
    ['ClearAccountAlias'],
    ['SetPasswordPolicy', { MinimumPasswordLength: '9' }],
    ['GetPasswordPolicy'],
    ['ims.SetPasswordPolicy', { MinimumPasswordLength: '10' }],
    ['ims.GetPasswordPolicy'],
    ['SetSecurityPreference', { LoginSessionDuration: '3' }],
    ['GetSecurityPreference'],
    ['ims.SetSecurityPreference', { LoginNetworkMasks: '127.0.0.0/8' }],
    ['ims.GetSecurityPreference'],
    ['ram.TagResources', { ResourceType: 'role', ResourceNames: JSON.stringify([RoleName, 'other']), Tag }],
    ['ram.ListTagResources', { ResourceType: 'role', PageSize: '1' }],
    ['ram.UntagResources', { ResourceType: 'role', ResourceNames: JSON.stringify([RoleName]), All: 'true' }],
  ]);
  const RoleArn = `acs:ram::${gateway.means.accountId}:role/${RoleName}`;
  const { Credentials } = await call('AssumeRole', { RoleArn, RoleSessionName: 'nightly', SourceIdentity: 'me' });
  await call(
    'GetCallerIdentity',
    {},
    {
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    },
  );
  const tagged = { ResourceType: 'user', 'ResourcePrincipalName.1': UserName, 'ResourcePrincipalName.2': 'other' };
  await call('ims.TagResources', { ...tagged, 'Tag.1.Key': 'team', 'Tag.1.Value': 'platform' });
  await call('ims.ListTagResources', { ...tagged, PageSize: '1' });
  await call('ims.UntagResources', { ...tagged, All: 'true' });
  const { AccessKey } = await call('CreateAccessKey', { UserName });
  const own = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
  const key = { UserName, UserAccessKeyId: own.accessKeyId };
  await call('ChangePassword', { OldPassword: 'a-first-Password', NewPassword: 'a-second-Password' }, own);
  await call('GetCallerIdentity', {}, own);
  await all([
    ['ListAccessKeys', { UserName }],
    ['GetAccessKeyLastUsed', key],
    ['UpdateAccessKey', { ...key, Status: 'Inactive' }],
    ['DeleteAccessKey', key],
    ['DeleteLoginProfile', { UserName }],
    ['DetachPolicyFromUser', { ...policy, UserName }],
    ['DetachPolicyFromGroup', { ...policy, GroupName }],
    ['DetachPolicyFromRole', { ...policy, RoleName }],
    ['DeletePolicyVersion', { PolicyName, VersionId: 'v2' }],
    ['CreatePolicyVersion', { PolicyName, PolicyDocument: DOCUMENT }],
    ['SetDefaultPolicyVersion', { PolicyName, VersionId: 'v3' }],
    ['DeletePolicyVersion', { PolicyName, VersionId: 'v1' }],
    ['DeletePolicy', { PolicyName }],
    ['RemoveUserFromGroup', { UserName, GroupName }],
    ['RemoveUserFromGroup', { UserName: 'other', GroupName }],
    ['DeleteGroup', { GroupName }],
    ['DeleteRole', { RoleName }],
    ['DeleteUser', { UserName }],
  ]);

  const unsent: string[] = [];
  for (const action of (await loadOperations()).keys() as Iterable<Action>) {
    const paths = seen.get(action) ?? new Map<string, string>();
    for (const [path, type] of declaredFields(action)) {
      const sent = paths.get(path);
      if (sent === undefined) unsent.push(`${action} ${path}`);
      else assert.equal(sent, type, `${action} ${path}`);
    }
  }
  assert.deepEqual(unsent.sort(), NEVER_SENT.toSorted());
}
