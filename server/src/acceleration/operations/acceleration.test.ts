import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { addAccelerationTask } from '../acceleration-store.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function makeRepository(gateway: GatewayUnderTest, name: string): Promise<string> {
  const InstanceId = gateway.instanceId;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: name });
  const repository = { RepoNamespaceName: name, RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  return (await owner(gateway, 'CreateRepository', { InstanceId, ...repository })).RepoId;
}

test('a repository has one rule, which a second call changes, and which is told about by its id or its repository', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  const ScopeId = await makeRepository(gateway, 'team');
  const rule = { InstanceId, ScopeId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' };
  const { BuildRuleId } = await owner(gateway, 'CreateArtifactBuildRule', rule);
  assert.match(BuildRuleId, /^crabr-[a-z0-9]{16}$/);
  const Parameters = JSON.stringify({ PriorityFile: base64('/bin/sh\n\n/etc/\n'), ImageIndexOnly: false });
  assert.equal((await owner(gateway, 'CreateArtifactBuildRule', { ...rule, Parameters })).BuildRuleId, BuildRuleId);
  for (const named of [{ BuildRuleId }, { ScopeId }, { ...rule, BuildRuleId }]) {
    const { RequestId, Code, IsSuccess, ...told } = await owner(gateway, 'GetArtifactBuildRule', {
      InstanceId,
      ...named,
    });
    assert.deepEqual(told, {
      ArtifactType: 'ACCELERATED_IMAGE',
      BuildRuleId,
      ScopeId,
      ScopeType: 'REPOSITORY',
      Parameters: { ImageIndexOnly: false, PriorityFile: base64('/bin/sh\n\n/etc/\n') },
    });
  }
  const others = await makeRepository(gateway, 'other');
  const cases: [Action, Record<string, string>, string][] = [
    ['CreateArtifactBuildRule', { ...rule, ScopeId: 'crr-none' }, '404 REPO_NOT_EXIST'],
    ['CreateArtifactBuildRule', { ...rule, ArtifactType: 'IMAGE' }, '400 InvalidParameter.ArtifactType'],
    ['CreateArtifactBuildRule', { ...rule, Parameters: '{"ImageIndexOnly":true}' }, '400 NotImplemented'],
    ...['{"PriorityFile":"%"}', '{"PriorityFile":1}', '{"More":1}', `{"PriorityFile":"${base64('bin/sh')}"}`].map(
      (Parameters): [Action, Record<string, string>, string] => [
        'CreateArtifactBuildRule',
        { ...rule, Parameters },
        '400 InvalidParameter.Parameters',
      ],
    ),
    ['GetArtifactBuildRule', {}, '400 MissingParameter'],
    ['GetArtifactBuildRule', { BuildRuleId: 'crabr-none' }, '404 ARTIFACT_BUILD_RULE_NOT_EXIST'],
    ['GetArtifactBuildRule', { ScopeId: others }, '404 ARTIFACT_BUILD_RULE_NOT_EXIST'],
    ['GetArtifactBuildRule', { BuildRuleId, ScopeId: others }, '404 ARTIFACT_BUILD_RULE_NOT_EXIST'],
    ...(['GetArtifactBuildTask', 'CancelArtifactBuildTask'] as const).map(
      (action): [Action, Record<string, string>, string] => [
        action,
        { BuildTaskId: 'i2a-none' },
        '404 ARTIFACT_BUILD_TASK_NOT_EXIST',
      ],
    ),
  ];
  for (const [action, params, expected] of cases) {
    const { status, body } = await callAs(gateway, gateway, action, { InstanceId, ...params });
    assert.equal(`${status} ${body.Code}`, expected, `${action} ${JSON.stringify(params)}`);
  }
});

test('a task is told about in seconds, its log page by page, and it is cancelled once', async () => {
  let woken = 0;
  await using gateway = await startGatewayUnderTest({ means: { jobsChanged: () => void woken++ } });
  const { instanceId: InstanceId, means } = gateway;
  const repoId = await makeRepository(gateway, 'team');
  const task = {
    taskId: 'i2a-1',
    instanceId: InstanceId,
    repoId,
    tag: 'v1',
    digest: 'sha256:1',
    createdMs: 1,
    author: ACCOUNT_AUTHOR,
  };
  await addAccelerationTask(means.db, task);
  const key = { InstanceId, BuildTaskId: 'i2a-1' };
  const pages = { ...key, Page: '1', PageSize: '2' };
  const { BuildTaskLogs, TotalCount } = await owner(gateway, 'ListArtifactBuildTaskLog', pages);
  assert.deepEqual([BuildTaskLogs, TotalCount], [[], 0]);
  const log = await means.logbook.create('i2a-1');
  for (const line of ['a', 'b', 'c']) await log.line(line);
  await log.seal({ verdict: 'complete' });
  const told = [];
  for (const Page of ['1', '2', '3'])
    told.push(...(await owner(gateway, 'ListArtifactBuildTaskLog', { ...pages, Page })).BuildTaskLogs);
  assert.deepEqual(told, [
    { LineNumber: 1, Message: 'a' },
    { LineNumber: 2, Message: 'b' },
    { LineNumber: 3, Message: 'c' },
  ]);
  const wrong = await callAs(gateway, gateway, 'ListArtifactBuildTaskLog', { ...pages, Page: '0' });
  assert.match(wrong.body.Message, /"Page"/);
  const { TaskStatus, SourceArtifact, TargetArtifact } = await owner(gateway, 'GetArtifactBuildTask', key);
  assert.deepEqual(
    [TaskStatus, SourceArtifact.Version, TargetArtifact.Version, TargetArtifact.RepoId],
    ['PENDING', 'v1', 'v1_accelerated', repoId],
  );
  await owner(gateway, 'CancelArtifactBuildTask', key);
  assert.deepEqual([woken, (await owner(gateway, 'GetArtifactBuildTask', key)).TaskStatus], [1, 'FAILED']);
  await means.db.updateTable('job').set({ state: 'DONE', started_ms: 61_500, ended_ms: 62_999 }).execute();
  const done = await owner(gateway, 'GetArtifactBuildTask', key);
  assert.deepEqual([done.TaskStatus, done.StartTime, done.EndTime], ['SUCCESS', 61, 62]);
  const again = await callAs(gateway, gateway, 'CancelArtifactBuildTask', key);
  assert.deepEqual([again.status, again.body.Code], [409, 'ARTIFACT_BUILD_TASK_STATUS_NOT_SUPPORT']);
});
