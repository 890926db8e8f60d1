import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { nextDate } from '../schedule.ts';

async function addRepository(gateway: GatewayUnderTest) {
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const about = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { InstanceId, ...about });
  return { InstanceId, RepoId: String(RepoId) };
}

const refusal = async (
  gateway: GatewayUnderTest,
  action: 'CreateArtifactLifecycleRule' | 'GetArtifactLifecycleRule',
  given: Record<string, string>,
) => {
  const { status, body } = await callAs(gateway, gateway, action, given);
  return [status, body.Code];
};

test('keeps a rule as Terraform sends it, shows its next date, and replaces it as a whole', async () => {
  let nowMs = Date.now();
  await using gateway = await startGatewayUnderTest({ means: { now: () => nowMs } });
  const { InstanceId } = await addRepository(gateway);
  const startMs = nowMs;
  const place = { NamespaceName: 'team', RepoName: 'app', Scope: 'REPO' };
  const sent = {
    Auto: 'true',
    ScheduleTime: 'WEEK',
    RetentionTagCount: '30',
    TagRegexp: ' .*',
    EnableDeleteTag: 'true',
    EnableDeleteUntaggedManifest: 'false',
  };
  const { RuleId } = await owner(gateway, 'CreateArtifactLifecycleRule', { InstanceId, ...place, ...sent });
  const key = { InstanceId, RuleId: String(RuleId) };
  assert.match(key.RuleId, /^cralr-[a-z0-9]{16}$/);
  const { RequestId: _id, Code, IsSuccess, ...first } = await owner(gateway, 'GetArtifactLifecycleRule', key);
  assert.deepEqual([Code, IsSuccess], ['success', true]);
  assert.deepEqual(first, {
    Auto: true,
    CreateTime: startMs,
    DryRun: false,
    EnableDeleteTag: true,
    EnableDeleteUntaggedManifest: false,
    InstanceId,
    ModifiedTime: startMs,
    NamespaceName: 'team',
    NextTime: nextDate('WEEK', startMs, 'UTC'),
    Policies: [{ Type: 'RETAIN', Condition: { LatestTagCount: 30 }, Filter: {} }],
    RepoName: 'app',
    RetentionTagCount: 30,
    RuleId,
    ScheduleTime: 'WEEK',
    Scope: 'REPO',
    TagRegexp: ' .*',
  });

  nowMs += 1000;
  await owner(gateway, 'UpdateArtifactLifecycleRule', {
    ...key,
    Scope: 'INSTANCE',
    Auto: 'true',
    ScheduleTime: 'MONTH',
    RetentionTagCount: '31',
  });
  const second = await owner(gateway, 'GetArtifactLifecycleRule', key);
  const { NamespaceName, RepoName, TagRegexp, NextTime, CreateTime, ModifiedTime, Scope } = second;
  assert.deepEqual([NamespaceName, RepoName, TagRegexp, Scope], [undefined, undefined, undefined, 'INSTANCE']);
  assert.deepEqual([NextTime, CreateTime, ModifiedTime], [nextDate('MONTH', nowMs, 'UTC'), startMs, startMs + 1000]);
  await owner(gateway, 'UpdateArtifactLifecycleRule', {
    ...key,
    ...place,
    Auto: 'false',
    RetentionTagCount: '30',
    TagRegexp: ' ',
  });
  const third = await owner(gateway, 'GetArtifactLifecycleRule', key);
  assert.deepEqual([third.NextTime, third.ScheduleTime, third.TagRegexp, third.RepoName], [0, undefined, ' ', 'app']);

  await owner(gateway, 'DeleteArtifactLifecycleRule', key);
  assert.deepEqual(await refusal(gateway, 'GetArtifactLifecycleRule', key), [404, 'ARTIFACT_LIFECYCLE_RULE_NOT_EXIST']);
});

test('derives the scope from the names, and lets a rule remove either tags or images without a tag', async () => {
  await using gateway = await startGatewayUnderTest();
  const { InstanceId } = await addRepository(gateway);
  const shown = async (given: Record<string, string>) => {
    const { RuleId } = await owner(gateway, 'CreateArtifactLifecycleRule', { InstanceId, ...given });
    const rule = await owner(gateway, 'GetArtifactLifecycleRule', { InstanceId, RuleId: String(RuleId) });
    return [rule.Scope, rule.EnableDeleteTag, rule.EnableDeleteUntaggedManifest, rule.DryRun];
  };
  assert.deepEqual(await shown({ RetentionTagCount: '1' }), ['INSTANCE', true, false, false]);
  assert.deepEqual(await shown({ TagRegexp: 'v.*', NamespaceName: 'team' }), ['NAMESPACE', true, false, false]);
  assert.deepEqual(await shown({ RetentionTagCount: '1', NamespaceName: 'team', RepoName: 'app', DryRun: 'true' }), [
    'REPO',
    true,
    false,
    true,
  ]);
  assert.deepEqual(await shown({ EnableDeleteUntaggedManifest: 'true' }), ['INSTANCE', false, true, false]);
  assert.deepEqual(await shown({ EnableDeleteTag: 'false', EnableDeleteUntaggedManifest: 'false' }), [
    'INSTANCE',
    false,
    false,
    false,
  ]);
  const listed = async (filter: Record<string, string>) => {
    const { Rules, TotalCount } = await owner(gateway, 'ListArtifactLifecycleRule', {
      InstanceId,
      PageSize: '2',
      ...filter,
    });
    return [(Rules as { Scope: string }[]).map(({ Scope }) => Scope), TotalCount];
  };
  assert.deepEqual(await listed({}), [['INSTANCE', 'NAMESPACE'], 5]);
  assert.deepEqual(await listed({ PageNo: '2' }), [['REPO', 'INSTANCE'], 5]);
  assert.deepEqual(await listed({ EnableDeleteTag: 'false' }), [['INSTANCE', 'INSTANCE'], 2]);
  assert.deepEqual(await listed({ EnableDeleteUntaggedManifest: 'true', PageNo: '1' }), [['INSTANCE'], 1]);
});

const MISTAKES: [name: string, given: Record<string, string>, status: number, code: string][] = [
  ['nothing to keep by', {}, 400, 'MissingParameter'],
  ['blanks alone', { TagRegexp: '  ' }, 400, 'MissingParameter'],
  ['a count of 0, which would keep nothing', { RetentionTagCount: '0' }, 400, 'MissingParameter'],
  ['a count below 0', { RetentionTagCount: '-1' }, 400, 'InvalidParameter'],
  ['a count of millions', { RetentionTagCount: '1000001' }, 400, 'InvalidParameter.RetentionTagCount'],
  ['a scope of its own', { RetentionTagCount: '1', Scope: 'REGION' }, 400, 'InvalidParameter.Scope'],
  ['a day of its own', { RetentionTagCount: '1', ScheduleTime: 'DAY' }, 400, 'InvalidParameter.ScheduleTime'],
  ['no date to run at', { RetentionTagCount: '1', Auto: 'true' }, 400, 'MissingParameter'],
  [
    'an instance with a namespace',
    { RetentionTagCount: '1', Scope: 'INSTANCE', NamespaceName: 'team' },
    400,
    'InvalidParameter',
  ],
  [
    'a namespace with a repository',
    { RetentionTagCount: '1', Scope: 'NAMESPACE', NamespaceName: 'team', RepoName: 'app' },
    400,
    'InvalidParameter',
  ],
  ['a namespace without a name', { RetentionTagCount: '1', Scope: 'NAMESPACE' }, 400, 'MissingParameter'],
  ['a repository without its namespace', { RetentionTagCount: '1', RepoName: 'app' }, 400, 'MissingParameter'],
  ['no such namespace', { RetentionTagCount: '1', NamespaceName: 'none' }, 404, 'NAMESPACE_NOT_EXIST'],
  ['no such repository', { RetentionTagCount: '1', NamespaceName: 'team', RepoName: 'none' }, 404, 'REPO_NOT_EXIST'],
  [
    'both kinds of removal',
    { RetentionTagCount: '1', EnableDeleteTag: 'true', EnableDeleteUntaggedManifest: 'true' },
    400,
    'InvalidParameter',
  ],
  ['an invalid expression', { TagRegexp: '(' }, 400, 'InvalidParameter.TagRegexp'],
  ['an expression that would backtrack', { TagRegexp: '(a)\\1' }, 400, 'InvalidParameter.TagRegexp'],
  ['a long expression', { TagRegexp: 'a'.repeat(257) }, 400, 'InvalidParameter.TagRegexp'],
];

test('refuses rules that contradict themselves or would keep everything', async (t) => {
  await using gateway = await startGatewayUnderTest();
  const { InstanceId } = await addRepository(gateway);
  for (const [name, given, status, code] of MISTAKES)
    await t.test(name, async () => {
      assert.deepEqual(await refusal(gateway, 'CreateArtifactLifecycleRule', { InstanceId, ...given }), [status, code]);
    });
});

test('removes a rule with the repository or the namespace that it names', async () => {
  await using gateway = await startGatewayUnderTest();
  const { InstanceId, RepoId } = await addRepository(gateway);
  const make = (given: Record<string, string>) =>
    owner(gateway, 'CreateArtifactLifecycleRule', { InstanceId, RetentionTagCount: '1', ...given });
  const scopes = async () =>
    ((await owner(gateway, 'ListArtifactLifecycleRule', { InstanceId })).Rules as { Scope: string }[]).map(
      ({ Scope }) => Scope,
    );
  await make({ NamespaceName: 'team', RepoName: 'app' });
  await make({ NamespaceName: 'team' });
  await make({});
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId });
  assert.deepEqual(await scopes(), ['NAMESPACE', 'INSTANCE']);
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'empty' });
  await make({ NamespaceName: 'empty' });
  await owner(gateway, 'DeleteNamespace', { InstanceId, NamespaceName: 'empty' });
  assert.deepEqual(await scopes(), ['NAMESPACE', 'INSTANCE']);
});
