import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccelerationTask, saveAccelerationRule } from '../../server/src/acceleration/acceleration-store.ts';
import { ACCOUNT_AUTHOR } from '../../server/src/account/rule-author.ts';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { callAs, makeUser, owner, policy } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { pushUnderTest } from '../../server/src/image/testing/pushed-image.ts';
import { insertInstance } from '../../server/src/instance/instance-store.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { scanUnderTest } from '../../server/src/scan/testing/finished-scan.ts';
import { sampleParams } from '../support/api/sample-params.ts';

/** Ids by parameter name; the ids of one repository, or of one user and policy, belong together. */
type Ids = Record<string, string>;

/**
 * Parameters that end like ids but do not name our objects: the caller invents them, a code host has them, the operator
 * names them (regions and networks). Also ids of users and instances, which are used for tags and groups and belong only
 * to the account.
 */
const NO_IDS = [
  ...['ExternalId', 'CodeRepoId', 'RegionId', 'ResourceGroupId', 'ResourceId', 'ResourceRegionId', 'UserPrincipalId'],
  ...['VpcId', 'VswitchId', 'LinkId', 'TargetInstanceId', 'TargetRegionId', 'TargetUserId', 'SyncRecordId'],
  ...['CertId', 'CertRegionId'],
];
const NOTHING: Ids = {
  InstanceId: 'cri-nothing',
  NamespaceId: 'crn-nothing',
  RepoId: 'crr-nothing',
  ScopeId: 'crr-nothing',
  BuildTaskId: 'i2a-nothing',
  BuildRuleId: 'crbr-nothing',
  RuleId: 'cralr-nothing',
  TriggerId: 'crw-nothing',
  SyncRuleId: 'crsr-nothing',
  ChainId: 'chi-nothing',
  SyncTaskId: 'rst-nothing',
  TaskId: 'crast-nothing',
  BuildRecordId: '00000000-0000-4000-8000-000000000000',
  ScanTaskId: '00000000-0000-4000-8000-000000000000',
  ScanRuleId: 'crscnr-nothing',
  UserAccessKeyId: 'LTAInothing',
  VersionId: 'v99',
};
const KEPT = [
  'repository',
  'source_binding',
  'build_rule',
  'build_record',
  'lifecycle_rule',
  'repo_trigger',
  'sync_rule',
  'subscription_rule',
  'chain',
  'chain_version',
  'job',
  'ram_user',
  'ram_policy_version',
] as const;

const actions = await actionsWithIds();

test('an id of another parent is answered like an unknown id and changes nothing, for every action and every id it takes', async () => {
  await using gateway = await startGatewayUnderTest();
  const own = await makeFamily(gateway, 'own');
  const others = await makeFamily(gateway, 'others');
  const abroad = await makeFamily(gateway, 'abroad', await anotherInstance(gateway));
  const before = await stateOf(gateway);
  let asked = 0;
  for (const { action, ids } of actions) {
    for (const id of ids.filter((name) => parentOf(action, name) !== undefined)) {
      const answer = (value: string | undefined) =>
        answerOf(gateway, gateway, action, { ...idsFor(action, own), [id]: value ?? '' });
      const nothing = await answer(NOTHING[id]);
      assert.ok(nothing.status === 404 || nothing.status === 400, `${action} ${id}: ${JSON.stringify(nothing)}`);
      for (const family of parentOf(action, id) === 'InstanceId' ? [abroad] : [others, abroad])
        assert.deepEqual(await answer(idsFor(action, family)[id]), nothing, `${action} ${id}`);
      asked++;
    }
  }
  assert.ok(asked >= 25, String(asked));
  assert.deepEqual(await stateOf(gateway), before);
  assert.deepEqual(gateway.faults, []);
});

test('an instance or repository that does not exist is reported first, whatever else is wrong', async () => {
  await using gateway = await startGatewayUnderTest();
  const own = await makeFamily(gateway, 'own');
  for (const { action, ids } of actions.filter(({ action }) => operationSpecs[action].product === 'cr')) {
    const instance = await answerOf(gateway, gateway, action, { ...own, InstanceId: NOTHING.InstanceId ?? '' });
    assert.deepEqual([instance.status, instance.code], [404, 'INSTANCE_NOT_EXIST'], action);
    if (!ids.includes('RepoId')) continue;
    const repository = await answerOf(gateway, gateway, action, { ...own, RepoId: NOTHING.RepoId ?? '' });
    assert.deepEqual([repository.status, repository.code], [404, 'REPO_NOT_EXIST'], action);
  }
});

test('a caller who may see only one repository is denied ids of others and unknown ids in the same way, for every action', async () => {
  await using gateway = await startGatewayUnderTest();
  const own = await makeFamily(gateway, 'own');
  const others = await makeFamily(gateway, 'others');
  const mine = `acs:cr:*:*:repository/${gateway.instanceId}/own/app`;
  const narrow = await makeUser(gateway, 'narrow', policy('Allow', 'cr:*', mine));
  let narrowed = 0;
  for (const { action } of actions.filter(({ ids }) => ids.includes('RepoId'))) {
    const nothing = await answerOf(gateway, narrow, action, { ...own, RepoId: NOTHING.RepoId ?? '' });
    assert.deepEqual([nothing.status, nothing.code], [403, 'NoPrivilege'], action);
    const foreign = { ...others, InstanceId: gateway.instanceId };
    assert.deepEqual(await answerOf(gateway, narrow, action, foreign), nothing, action);
    if (operationSpecs[action].resource.includes('{RepoName}')) narrowed++;
  }
  assert.ok(narrowed >= 5, String(narrowed));
});

/** The built actions that take ids, with those ids. */
async function actionsWithIds(): Promise<{ action: Action; ids: string[] }[]> {
  const built = await loadOperations();
  return (Object.keys(operationSpecs) as Action[]).flatMap((action) => {
    if (!built.has(action)) return [];
    const { parameters } = operationSpecs[action];
    const ids = Object.keys(parameters).filter((name) => name.endsWith('Id') && !NO_IDS.includes(name));
    const unknown = ids.filter((name) => !(name in NOTHING));
    assert.deepEqual(unknown, [], `${action} takes an id that this test does not make: add it to makeFamily`);
    return ids.length > 0 ? [{ action, ids }] : [];
  });
}

/** The parent of an id, if the action takes that too: an id of another parent is then an unknown id. */
function parentOf(action: Action, id: string): string | undefined {
  const parents = {
    NamespaceId: ['InstanceId'],
    RepoId: ['InstanceId'],
    ScopeId: ['InstanceId'],
    BuildTaskId: ['InstanceId'],
    BuildRuleId: ['RepoId', 'InstanceId'],
    RuleId: ['InstanceId'],
    TriggerId: ['RepoId', 'InstanceId'],
    SyncRuleId: ['InstanceId'],
    ChainId: ['InstanceId'],
    SyncTaskId: ['InstanceId'],
    TaskId: ['InstanceId'],
    BuildRecordId: ['RepoId', 'InstanceId'],
    ScanTaskId: ['RepoId', 'InstanceId'],
    ScanRuleId: ['InstanceId'],
    UserAccessKeyId: ['UserName'],
    VersionId: ['PolicyName'],
  }[id];
  return parents?.find((parent) => parent in operationSpecs[action].parameters);
}

/** Two kinds of rules have the same parameter. */
function idsFor(action: Action, { SubscriptionRuleId, ...family }: Ids): Ids {
  return action.includes('ArtifactSubscription') ? { ...family, RuleId: SubscriptionRuleId ?? '' } : family;
}

/** There is one instance; a second one must be as inaccessible as a stranger's. */
async function anotherInstance({ means: { db } }: GatewayUnderTest): Promise<string> {
  const instanceId = 'cri-another';
  const times = { createdMs: 1, modifiedMs: 1 };
  await insertInstance(db, { instanceId, name: 'another', regionId: 'local', status: 'RUNNING', ...times });
  return instanceId;
}

async function makeFamily(gateway: GatewayUnderTest, name: string, InstanceId = gateway.instanceId): Promise<Ids> {
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: name });
  const { NamespaceId } = await owner(gateway, 'GetNamespace', { InstanceId, NamespaceName: name });
  const repository = { RepoNamespaceName: name, RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: name, CodeRepoName: 'app' };
  await owner(gateway, 'CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...code });
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };
  const { BuildRuleId } = await owner(gateway, 'CreateRepoBuildRule', { InstanceId, RepoId, ...rule });
  const kept = { InstanceId, NamespaceName: name, RetentionTagCount: '1' };
  const { RuleId } = await owner(gateway, 'CreateArtifactLifecycleRule', kept);
  const { BuildRecordId } = await owner(gateway, 'CreateBuildRecordByRule', { InstanceId, RepoId, BuildRuleId });
  const { db } = gateway.means;
  const named = { instanceId: InstanceId, namespaceName: name, name: 'app' };
  const digest = await pushUnderTest(db, named, { tag: 'v1', image: 1, nowMs: 1 });
  const ScanTaskId = await scanUnderTest(db, { instanceId: InstanceId, repoId: String(RepoId), digest });
  const trigger = { TriggerName: 'deploy', TriggerType: 'ALL', TriggerUrl: 'https://ci.example/' };
  const { TriggerId } = await owner(gateway, 'CreateRepoTrigger', { InstanceId, RepoId, ...trigger });
  const scanRule = { RuleName: name, ScanScope: 'INSTANCE', TriggerType: 'MANUAL', RepoTagFilterPattern: '.*' };
  const { ScanRuleId } = await owner(gateway, 'CreateScanRule', { InstanceId, ...scanRule });
  const { SyncRuleId, SyncTaskId } = await makeSync(gateway, { InstanceId, RepoId, name });
  const chain = { InstanceId, RepoNamespaceName: name, RepoName: 'app', Name: name };
  const { ChainId } = await owner(gateway, 'CreateChain', chain);
  const BuildTaskId = await makeConversion(gateway, InstanceId, RepoId);
  const { accessKeyId } = await makeUser(gateway, name, policy('Allow', 'cr:ListInstance'));
  const PolicyName = `of-${name}`;
  const PolicyDocument = JSON.stringify(policy('Allow', 'cr:GetInstance'));
  // Each policy has versions that the other lacks.
  for (let i = 0; i < (name === 'own' ? 1 : 3); i++)
    await owner(gateway, 'CreatePolicyVersion', { PolicyName, PolicyDocument });
  const VersionId = name === 'own' ? 'v2' : 'v4';
  return {
    InstanceId,
    NamespaceId,
    RepoId,
    ScopeId: RepoId,
    BuildTaskId,
    BuildRuleId,
    RuleId,
    BuildRecordId,
    ScanTaskId,
    TriggerId,
    ScanRuleId,
    SyncRuleId,
    SyncTaskId,
    ...(await makeSubscription(gateway, { InstanceId, NamespaceName: name, RepoName: 'app' })),
    ChainId,
    UserName: name,
    UserAccessKeyId: accessKeyId,
    PolicyName,
    VersionId,
  };
}

/** That images are accelerated, and a conversion. */
async function makeConversion({ means }: GatewayUnderTest, instanceId: string, repoId: string): Promise<string> {
  const taskId = means.newId('i2a');
  const author = ACCOUNT_AUTHOR;
  const rule = { ruleId: means.newId('crabr'), instanceId, repoId, priorityFile: undefined, author };
  await saveAccelerationRule(means.db, rule, 1);
  await addAccelerationTask(means.db, {
    taskId,
    instanceId,
    repoId,
    tag: 'v1',
    digest: 'sha256:1',
    createdMs: 1,
    author,
  });
  return taskId;
}

/** A replication rule and a task. */
async function makeSync(
  gateway: GatewayUnderTest,
  { InstanceId, RepoId, name }: { InstanceId: string; RepoId: string | undefined; name: string },
) {
  const copy = { RepoNamespaceName: name, RepoName: 'copy', RepoType: 'PRIVATE', Summary: 's' };
  await owner(gateway, 'CreateRepository', { InstanceId, ...copy });
  const target = { InstanceId, TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetRepoName: 'copy' };
  const rule = { SyncRuleName: name, SyncScope: 'REPO', TagFilter: '.*', NamespaceName: name, RepoName: 'app' };
  const made = await owner(gateway, 'CreateRepoSyncRule', { ...target, ...rule, TargetNamespaceName: name });
  const task = { RepoId: RepoId ?? '', Tag: 'v1', TargetNamespace: name, TargetTag: 'v1' };
  const asked = await owner(gateway, 'CreateRepoSyncTask', { ...target, ...task });
  return { SyncRuleId: made.SyncRuleId, SyncTaskId: asked.SyncTaskId };
}

/** A subscription rule and a task. */
async function makeSubscription(gateway: GatewayUnderTest, target: Ids): Promise<Ids> {
  const source = { SourceProvider: 'DOCKER_HUB', SourceRepoName: 'nginx', TagRegexp: '.*', TagCount: '1' };
  const rule = { ...target, ...source, 'Platform.1': 'linux/amd64' };
  const { RuleId = '' } = await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  const ids = { InstanceId: target.InstanceId ?? '', RuleId: String(RuleId) };
  const { TaskId } = await owner(gateway, 'CreateArtifactSubscriptionTask', ids);
  return { SubscriptionRuleId: ids.RuleId, TaskId: String(TaskId) };
}

/** Status, code and message of a call, with the sent ids removed. */
async function answerOf(gateway: GatewayUnderTest, key: Parameters<typeof callAs>[1], action: Action, ids: Ids) {
  const params = sampleParams(action, ids);
  const optional = Object.keys(operationSpecs[action].parameters).filter((name) => name.endsWith('Id') && name in ids);
  for (const name of optional) params[name] = ids[name] ?? '';
  const { status, body } = await callAs(gateway, key, action, params);
  let message = String(body.Message);
  for (const name of optional) message = message.replaceAll(params[name] ?? '', `{${name}}`);
  return { status, code: String(body.Code), message };
}

async function stateOf({ means: { db } }: GatewayUnderTest): Promise<unknown> {
  const keys = await db.selectFrom('ram_access_key').select(['access_key_id', 'status']).execute();
  return [keys, ...(await Promise.all(KEPT.map((table) => db.selectFrom(table).selectAll().execute())))];
}
