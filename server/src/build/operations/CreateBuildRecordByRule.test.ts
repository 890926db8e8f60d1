import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushEvent } from '#source/hooks/push-event.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import { findBuildRecord } from '../build-store.ts';
import { buildPush } from '../rules/build-push.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';

test('queues a PENDING record for the rule’s branch and wakes the runner, and every operation can read the record', async () => {
  await using repository = await startRepositoryUnderTest();
  const BuildRuleId = await repository.addRule({ DockerfileLocation: '/a', 'BuildArgs.1': 'K=V' });
  const { body } = await repository.call('CreateBuildRecordByRule', { BuildRuleId });
  const BuildRecordId = String(body.BuildRecordId);
  assert.equal(repository.gateway.queuedBuilds(), 1);
  const record = await findBuildRecord(repository.gateway.means.db, BuildRecordId);
  assert.deepEqual(record?.source, {
    kind: 'code-host',
    type: 'GITLAB',
    namespaceName: 'team',
    name: 'app',
    ref: 'refs/heads/main',
  });
  assert.deepEqual([record?.dockerfile, record?.buildArgs, record?.imageTag], ['a/Dockerfile', ['K=V'], 'latest']);
  assert.equal((await repository.call('GetRepoBuildRecordStatus', { BuildRecordId })).body.BuildStatus, 'PENDING');
  const got = (await repository.call('GetRepoBuildRecord', { BuildRecordId })).body;
  assert.deepEqual(got.Image, { ImageTag: 'latest', RepoName: 'app', RepoNamespaceName: 'team' });
  const listed = (await repository.call('ListRepoBuildRecord')).body;
  assert.equal((listed.BuildRecords as { BuildRecordId: string }[])[0]?.BuildRecordId, BuildRecordId);
  const log = (await repository.call('ListRepoBuildRecordLog', { BuildRecordId })).body;
  assert.deepEqual([log.TotalCount, log.BuildRecordLogs], ['0', []]);
});

test('refuses a rule whose name is a pattern, and a repository without a source', async () => {
  await using repository = await startRepositoryUnderTest();
  const pattern = await repository.addRule({ PushName: 'v$version', ImageTag: '$version' });
  const refused = await repository.call('CreateBuildRecordByRule', { BuildRuleId: pattern });
  assert.deepEqual([refused.status, refused.body.Code], [400, 'BUILD_RULE_NOT_LITERAL']);
  await using bare = await startRepositoryUnderTest({ bound: false });
  const BuildRuleId = await bare.addRule();
  const unbound = await bare.call('CreateBuildRecordByRule', { BuildRuleId });
  assert.deepEqual([unbound.status, unbound.body.Code], [404, 'SOURCE_CODE_REPO_NOT_EXIST']);
  assert.equal(repository.gateway.queuedBuilds() + bare.gateway.queuedBuilds(), 0);
});

test('a server without builds refuses to start or repeat one, with the fix, and queues none for a push', async () => {
  await using repository = await startRepositoryUnderTest({ means: { takesBuilds: false } });
  const BuildRuleId = await repository.addRule();
  for (const [action, params] of [
    ['CreateBuildRecordByRule', { BuildRuleId }],
    ['CreateBuildRecordByRecord', { BuildRecordId: '1d4b7c3a-0000-4000-8000-000000000000' }],
  ] as const) {
    const { status, body } = await repository.call(action, params);
    assert.deepEqual([status, body.Code], [403, 'BUILDS_DISABLED']);
    assert.equal(body.Message, 'This server was started with --no-builds: it accepts no builds.');
  }
  const push = [{} as PushHook, {} as PushEvent, []] as const;
  const { builds, notes } = await buildPush(repository.gateway.means, ...push, { supersede: false });
  assert.deepEqual([builds, notes], [[], ['This server was started with --no-builds: it accepts no builds.']]);
  assert.equal(repository.gateway.queuedBuilds(), 0);
});
