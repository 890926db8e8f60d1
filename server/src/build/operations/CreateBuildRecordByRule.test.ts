import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildRecord } from '../build-store.ts';
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
