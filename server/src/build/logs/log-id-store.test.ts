import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { insertBuildRecordUnderTest } from '../testing/insert-build-record.ts';
import { findLogIdAgain, getLogId } from './log-id-store.ts';

const BUILD = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('finds a log by its three ids, ignoring the case of the record’s, and caches it; an error names the first id that does not exist', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  const named = { InstanceId, RepoNamespaceName: 'ns', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { ...named, RepoName: 'one' });
  const { RepoId: otherRepo } = await owner(gateway, 'CreateRepository', { ...named, RepoName: 'two' });
  await insertBuildRecordUnderTest(means.db, { buildRecordId: BUILD, instanceId: InstanceId, repoId: RepoId });
  const read = async (changed: Record<string, string> = {}) => {
    const ids = { InstanceId, RepoId, BuildRecordId: BUILD, ...changed };
    const { status, body } = await callAs(gateway, gateway, 'ListRepoBuildRecordLog', ids);
    return [status, body.Code];
  };
  assert.deepEqual(await read(), [200, 'success']);
  assert.deepEqual(await read({ BuildRecordId: BUILD.toUpperCase() }), [200, 'success']);
  const none = { InstanceId: 'cri-none', RepoId: 'crr-none', BuildRecordId: 'none' };
  assert.deepEqual(await read(none), [404, 'INSTANCE_NOT_EXIST']);
  assert.deepEqual(await read({ ...none, InstanceId }), [404, 'REPO_NOT_EXIST']);
  assert.deepEqual(await read({ RepoId: otherRepo }), [404, 'BUILD_RECORD_NOT_EXIST']);
  assert.deepEqual(await read({ BuildRecordId: none.BuildRecordId }), [404, 'BUILD_RECORD_NOT_EXIST']);
  const place = { instanceId: InstanceId, repoId: RepoId, buildRecordId: BUILD };
  assert.equal(findLogIdAgain(means.db, place), BUILD);
  assert.equal(findLogIdAgain(means.db, { ...place, repoId: otherRepo }), undefined);
});

test('a log that was not found is looked up again', async () => {
  await using gateway = await startGatewayUnderTest();
  const { db } = gateway.means;
  const place = { instanceId: gateway.instanceId, repoId: 'crr-none', buildRecordId: BUILD };
  assert.equal(findLogIdAgain(db, place), undefined);
  await assert.rejects(getLogId(db, place), { code: 'REPO_NOT_EXIST' });
  assert.equal(findLogIdAgain(db, place), undefined);
});

test('a log that was written and is not on disk is reported, and never looks like an empty one', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  const named = { InstanceId, RepoNamespaceName: 'ns', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { ...named, RepoName: 'one' });
  await insertBuildRecordUnderTest(means.db, { buildRecordId: BUILD, instanceId: InstanceId, repoId: RepoId });
  const read = async (changes: { status: string; ended_ms?: number; log_bytes?: number }) => {
    await means.db.updateTable('build_record').set(changes).execute();
    const ids = { InstanceId, RepoId, BuildRecordId: BUILD };
    const { status, body } = await callAs(gateway, gateway, 'ListRepoBuildRecordLog', ids);
    return [status, body.Code];
  };
  assert.deepEqual(await read({ status: 'PENDING' }), [200, 'success']);
  assert.deepEqual(await read({ status: 'FAILED', ended_ms: 9 }), [200, 'success'], 'it never had a log');
  assert.deepEqual(await read({ status: 'FAILED', log_bytes: 20 }), [404, 'BUILD_LOG_LOST']);
  assert.deepEqual(await read({ status: 'SUCCESS', log_bytes: 0 }), [404, 'BUILD_LOG_LOST']);
});
