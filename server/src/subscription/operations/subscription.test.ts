import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeBatch } from '#event/event-consumers.ts';
import { callAs, makeUser, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { subscriptionEvents } from '../subscription-events.ts';
import { beginDueTasks, nextRunMs } from '../subscription-schedule.ts';

const HOUR_MS = 3_600_000;
const PROVIDERS = [
  { name: 'DOCKER_HUB', host: 'docker.io' },
  { name: 'OWN', host: 'registry.example:5000' },
];

async function startWithRepository() {
  const gateway = await startGatewayUnderTest({ means: { providers: PROVIDERS } });
  const { instanceId: InstanceId } = gateway;
  for (const [NamespaceName, AutoCreateRepo] of [
    ['team', 'false'],
    ['mirror', 'true'],
  ] as const)
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName, AutoCreateRepo });
  const named = { InstanceId, RepoNamespaceName: 'team', RepoName: 'nginx', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', named);
  await takeBatch(gateway.means.db, subscriptionEvents());
  const rule = {
    InstanceId,
    SourceProvider: 'DOCKER_HUB',
    SourceRepoName: 'nginx',
    NamespaceName: 'team',
    RepoName: 'nginx',
    TagRegexp: ' release-v.*',
    TagCount: '3',
    'Platform.1': 'linux/amd64',
    'Platform.2': 'linux/arm64',
  };
  return { gateway, InstanceId, rule, RepoId: String(RepoId) };
}

async function begin({ means: { db, newId } }: GatewayUnderTest, nowMs: number): Promise<number> {
  return beginDueTasks(db, { everyMs: 24 * HOUR_MS, nowMs, newId });
}

test('a rule comes back as it was made and changed, with the host of its registry, and is gone once deleted', async () => {
  const { gateway, InstanceId, rule } = await startWithRepository();
  await using _ = gateway;
  const { RuleId = '' } = await owner(gateway, 'CreateArtifactSubscriptionRule', { ...rule, Override: 'true' });
  const id = { InstanceId, RuleId: String(RuleId) };
  const shown = async () => {
    const reply = await owner(gateway, 'GetArtifactSubscriptionRule', id);
    const { RequestId, Code, IsSuccess, Success, CreateTime, ModifiedTime, ...fields } = reply;
    return fields;
  };
  const expected = {
    RuleId,
    InstanceId,
    SourceProvider: 'DOCKER_HUB',
    SourceDomain: 'docker.io',
    SourceNamespaceName: 'library',
    SourceRepoName: 'nginx',
    NamespaceName: 'team',
    RepoName: 'nginx',
    TagRegexp: ' release-v.*',
    TagCount: 3,
    Platform: ['linux/amd64', 'linux/arm64'],
    Override: true,
    Accelerate: false,
  };
  assert.deepEqual(await shown(), expected);
  await owner(gateway, 'UpdateArtifactSubscriptionRule', {
    ...id,
    TagCount: '2',
    Override: 'false',
    Accelerate: 'true',
  });
  const changed = { ...expected, TagCount: 2, Override: false, Accelerate: true };
  assert.deepEqual(await shown(), changed);
  const { Rules, TotalCount } = await owner(gateway, 'ListArtifactSubscriptionRule', { InstanceId });
  assert.deepEqual([TotalCount, (Rules as { RuleId: string }[]).map((each) => each.RuleId)], [1, [RuleId]]);
  // Another registry does not have the namespace of this one.
  await owner(gateway, 'UpdateArtifactSubscriptionRule', { ...id, SourceProvider: 'OWN', TagCount: '30' });
  const other = { SourceProvider: 'OWN', SourceDomain: 'registry.example:5000', SourceNamespaceName: '', TagCount: 30 };
  assert.deepEqual(await shown(), { ...changed, ...other });
  await owner(gateway, 'DeleteArtifactSubscriptionRule', id);
  for (const action of ['GetArtifactSubscriptionRule', 'DeleteArtifactSubscriptionRule'] as const) {
    const { status, body } = await callAs(gateway, gateway, action, id);
    assert.deepEqual([status, body.Code], [404, 'ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST'], action);
  }
});

const REFUSED: [what: string, change: Record<string, string>, code: string][] = [
  ['a registry that nobody named', { SourceProvider: 'GHCR' }, 'InvalidParameter.SourceProvider'],
  ['more tags than Docker Hub may be asked for', { TagCount: '6' }, 'InvalidParameter.TagCount'],
  ['no tags', { TagCount: '0' }, 'InvalidParameter.TagCount'],
  ['more tags than others may', { SourceProvider: 'OWN', TagCount: '31' }, 'InvalidParameter.TagCount'],
  ['an expression that does not compile', { TagRegexp: '(' }, 'InvalidParameter.TagRegexp'],
  ['a word that is not a platform', { 'Platform.1': 'amd64' }, 'InvalidParameter.Platform'],
  ['a source that leaves the registry', { SourceRepoName: '../x' }, 'InvalidParameter.SourceRepoName'],
  ['a namespace with a query', { SourceNamespaceName: 'a?b' }, 'InvalidParameter.SourceNamespaceName'],
  ['a target that is no name', { RepoName: 'NGINX' }, 'InvalidParameter.RepoName'],
  ['a namespace that is not there', { NamespaceName: 'nothing' }, 'NAMESPACE_NOT_EXIST'],
  ['a repository that is not there', { RepoName: 'nothing' }, 'REPO_NOT_EXIST'],
];

test('a rule that could not do what it says is refused, with the parameter that is wrong, when made and when changed', async () => {
  const { gateway, InstanceId, rule } = await startWithRepository();
  await using _ = gateway;
  const { RuleId } = await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  const id = { InstanceId, RuleId: String(RuleId) };
  for (const [what, change, code] of REFUSED) {
    const made = await callAs(gateway, gateway, 'CreateArtifactSubscriptionRule', { ...rule, ...change });
    assert.equal(made.body.Code, code, what);
    const changed = await callAs(gateway, gateway, 'UpdateArtifactSubscriptionRule', { ...id, ...change });
    assert.equal(changed.body.Code, code, what);
  }
  const wrong = await callAs(gateway, gateway, 'UpdateArtifactSubscriptionRule', { ...id, Override: 'yes' });
  assert.equal(wrong.body.Code, 'InvalidParameter.Override');
  const automatic = { ...rule, NamespaceName: 'mirror', RepoName: 'new' };
  assert.equal((await callAs(gateway, gateway, 'CreateArtifactSubscriptionRule', automatic)).body.Code, 'success');
});

test('a rule runs at once, then once in an interval at its own time, and at once again when it is changed', async () => {
  const { gateway, InstanceId, rule } = await startWithRepository();
  await using _ = gateway;
  const { RuleId } = await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  const id = { InstanceId, RuleId: String(RuleId) };
  const nowMs = gateway.means.now();
  assert.deepEqual([await begin(gateway, nowMs), await begin(gateway, nowMs)], [1, 0]);
  const nextMs = nextRunMs(id.RuleId, 24 * HOUR_MS, nowMs);
  assert.ok(nextMs >= nowMs + 12 * HOUR_MS && nextMs <= nowMs + 36 * HOUR_MS);
  assert.equal(nextRunMs(id.RuleId, 24 * HOUR_MS, nextMs), nextMs + 24 * HOUR_MS);
  await gateway.means.db.updateTable('job').set({ state: 'DONE', ended_ms: 1 }).execute();
  assert.deepEqual([await begin(gateway, nextMs - 1), await begin(gateway, nextMs)], [0, 1]);
  await gateway.means.db.updateTable('job').set({ state: 'DONE', ended_ms: 1 }).execute();
  await owner(gateway, 'UpdateArtifactSubscriptionRule', { ...id, TagCount: '1' });
  assert.equal(await begin(gateway, nextMs), 1);
});

test('a run by hand is the one that is in progress, and is shown with numbers alone and with texts in a list', async () => {
  const { gateway, InstanceId, rule } = await startWithRepository();
  await using _ = gateway;
  const { RuleId } = await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  const id = { InstanceId, RuleId: String(RuleId) };
  const { TaskId } = await owner(gateway, 'CreateArtifactSubscriptionTask', id);
  assert.equal((await owner(gateway, 'CreateArtifactSubscriptionTask', id)).TaskId, TaskId);
  assert.equal(await begin(gateway, gateway.means.now()), 1);
  const task = { InstanceId, TaskId: String(TaskId) };
  const running = await owner(gateway, 'GetArtifactSubscriptionTask', task);
  assert.deepEqual([running.TaskType, running.TaskStatus, running.TaskResult], ['MANUAL', 'RUNNING', undefined]);
  const result = JSON.stringify({ outcome: 'PART_SUCCESS', message: '1 of 2' });
  await gateway.means.db.updateTable('job').set({ state: 'DONE', started_ms: 5, ended_ms: 7, result }).execute();
  const ended = await owner(gateway, 'GetArtifactSubscriptionTask', task);
  const shown = [ended.TaskStatus, ended.TaskResult, ended.Message, ended.StartTime, ended.EndTime];
  assert.deepEqual(shown, ['COMPLETED', 'PART_SUCCESS', '1 of 2', 5, 7]);
  const { Tasks, TotalCount } = await owner(gateway, 'ListArtifactSubscriptionTask', { InstanceId });
  const times = (Tasks as Record<string, unknown>[]).map(({ StartTime, EndTime }) => [StartTime, EndTime]);
  assert.deepEqual([times, TotalCount], [[['5', '7']], 1]);
  const failure = JSON.stringify({ code: 'NETWORK_ERROR', message: 'docker.io cannot be reached' });
  await gateway.means.db.updateTable('job').set({ state: 'FAILED', result: failure }).execute();
  const failed = await owner(gateway, 'GetArtifactSubscriptionTask', task);
  assert.deepEqual([failed.TaskResult, failed.Message], ['FAILED', 'docker.io cannot be reached']);
});

test('deleting a repository deletes the rules that mirror to it, and none of a later repository of its name', async () => {
  const { gateway, InstanceId, rule, RepoId } = await startWithRepository();
  await using _ = gateway;
  const { db } = gateway.means;
  await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId });
  const rules = async () => (await owner(gateway, 'ListArtifactSubscriptionRule', { InstanceId })).TotalCount;
  await db
    .updateTable('subscription_rule')
    .set({ modified_ms: Date.now() + 60_000 })
    .execute();
  await takeBatch(db, subscriptionEvents());
  assert.equal(await rules(), 1);
  await db.updateTable('subscription_rule').set({ modified_ms: 1 }).execute();
  await db.updateTable('event_cursor').set({ sequence: 0 }).execute();
  await takeBatch(db, subscriptionEvents());
  assert.equal(await rules(), 0);
});

test('who may not push to a repository has no rule do it, by making, changing or running one', async () => {
  const { gateway, InstanceId, rule } = await startWithRepository();
  await using _ = gateway;
  const Resource = `acs:cr:*:*:repository/${InstanceId}/team/nginx`;
  const user = await makeUser(gateway, 'narrow', {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'cr:*', Resource: '*' },
      { Effect: 'Deny', Action: 'cr:PushRepository', Resource },
    ],
  });
  const { RuleId } = await owner(gateway, 'CreateArtifactSubscriptionRule', rule);
  const id = { InstanceId, RuleId: String(RuleId) };
  for (const [action, params] of [
    ['CreateArtifactSubscriptionRule', rule],
    ['UpdateArtifactSubscriptionRule', { ...id, TagCount: '1' }],
    ['CreateArtifactSubscriptionTask', id],
  ] as const) {
    const { status, body } = await callAs(gateway, user, action, params);
    assert.deepEqual([status, body.Code], [403, 'NoPrivilege'], action);
  }
  const elsewhere = { ...rule, NamespaceName: 'mirror', RepoName: 'nginx' };
  assert.equal((await callAs(gateway, user, 'CreateArtifactSubscriptionRule', elsewhere)).body.Code, 'success');
});
