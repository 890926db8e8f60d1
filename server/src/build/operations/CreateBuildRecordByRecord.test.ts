import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildRecord, updateCommit } from '../build-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from '../testing/insert-build-record.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';

test('queues the same build of the same commit under a new id', async () => {
  await using repository = await startRepositoryUnderTest();
  const { db } = repository.gateway.means;
  const BuildRuleId = await repository.addRule({ 'BuildArgs.1': 'K=V' });
  const first = String((await repository.call('CreateBuildRecordByRule', { BuildRuleId })).body.BuildRecordId);
  await updateCommit(db, await claimBuildUnderTest(db), { commitId: 'a'.repeat(40), author: 'Ada', message: 'x' }, 1);
  const { body } = await repository.call('CreateBuildRecordByRecord', { BuildRecordId: first.toUpperCase() });
  const [old, again] = [await findBuildRecord(db, first), await findBuildRecord(db, String(body.BuildRecordId))];
  assert.notEqual(again?.buildRecordId, first);
  assert.deepEqual(again?.source, { ...old?.source, commitId: 'a'.repeat(40) });
  assert.deepEqual([again?.buildArgs, again?.imageTag, again?.status], [['K=V'], 'latest', 'PENDING']);
  assert.equal(repository.gateway.queuedBuilds(), 2);
});

test('refuses an unknown record, a record of another repository, and a record whose folder or secrets are not kept', async () => {
  await using repository = await startRepositoryUnderTest();
  const { gateway, repoId } = repository;
  const unknown = await repository.call('CreateBuildRecordByRecord', { BuildRecordId: 'none' });
  assert.deepEqual([unknown.status, unknown.body.Code], [404, 'BUILD_RECORD_NOT_EXIST']);
  await insertBuildRecordUnderTest(gateway.means.db, {
    buildRecordId: 'sent',
    instanceId: gateway.instanceId,
    repoId,
    source: { kind: 'archive', archiveId: 'x', name: 'folder' },
  });
  const sent = await repository.call('CreateBuildRecordByRecord', { BuildRecordId: 'sent' });
  assert.deepEqual([sent.status, sent.body.Code], [404, 'SOURCE_ARCHIVE_NOT_EXIST']);
  await insertBuildRecordUnderTest(gateway.means.db, {
    buildRecordId: 'secrets',
    instanceId: gateway.instanceId,
    repoId,
    options: { target: 'one', secretIds: ['tok'], sshIds: ['git'] },
  });
  const lost = await repository.call('CreateBuildRecordByRecord', { BuildRecordId: 'secrets' });
  assert.deepEqual([lost.status, lost.body.Code], [404, 'BUILD_SECRET_NOT_EXIST']);
  assert.match(String(lost.body.Message), /not kept: --secret id=tok, --ssh git\. Start it with slipway build/);
  const other = { RepoNamespaceName: 'team', RepoName: 'other', RepoType: 'PRIVATE', Summary: 'x' };
  const RepoId = String((await repository.call('CreateRepository', other)).body.RepoId);
  const foreign = await repository.call('CreateBuildRecordByRecord', { RepoId, BuildRecordId: 'sent' });
  assert.equal(foreign.body.Code, 'BUILD_RECORD_NOT_EXIST');
});
