import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { finishDeletions, type LeavingRepository } from '../delete-repository.ts';

async function make(gateway: GatewayUnderTest, RepoName = 'app'): Promise<string> {
  const { instanceId: InstanceId } = gateway;
  await callAs(gateway, gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team', AutoCreateRepo: 'true' });
  const app = { RepoNamespaceName: 'team', RepoName, RepoType: 'PRIVATE', Summary: 'x' };
  return (await owner(gateway, 'CreateRepository', { InstanceId, ...app })).RepoId;
}

/** Ends what can be ended, and says of what the contents were removed. */
async function finish(gateway: GatewayUnderTest): Promise<string[]> {
  const removed: string[] = [];
  await finishDeletions(gateway.means.db, async ({ namespaceName, name }: LeavingRepository) => {
    removed.push(`${namespaceName}/${name}`);
  });
  return removed;
}

test('a deleted repository is shown as DELETING, keeps its name until nothing is left of it, and comes back as another one', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  const RepoId = await make(gateway);
  const named = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const code = async (action: Action, params: Record<string, string>) =>
    (await callAs(gateway, gateway, action, params)).body.Code;
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId });
  // Whatever it is named by.
  for (const by of [{ InstanceId, RepoId }, named]) {
    assert.equal((await owner(gateway, 'GetRepository', by)).RepoStatus, 'DELETING');
    assert.equal(await code('DeleteRepository', by), 'REPO_NOT_EXIST');
    assert.equal(await code('UpdateRepository', { ...by, RepoType: 'PUBLIC', Summary: 'y' }), 'REPO_NOT_EXIST');
  }
  assert.equal((await owner(gateway, 'ListRepository', { InstanceId, RepoStatus: 'DELETING' })).TotalCount, '1');
  const again = { ...named, RepoType: 'PRIVATE', Summary: 'x' };
  assert.equal(await code('CreateRepository', again), 'REPO_ALREADY_EXIST');
  assert.equal(await ensureForPush(means, InstanceId, 'team', 'app'), false);
  assert.equal((await owner(gateway, 'GetInstanceUsage', { InstanceId })).RepoUsage, '1');
  assert.deepEqual(await finish(gateway), ['team/app']);
  for (const by of [{ InstanceId, RepoId }, named]) assert.equal(await code('GetRepository', by), 'REPO_NOT_EXIST');
  for (const RepoStatus of ['ALL', 'DELETED', 'DELETING'])
    assert.equal((await owner(gateway, 'ListRepository', { InstanceId, RepoStatus })).TotalCount, '0');
  assert.equal((await owner(gateway, 'GetInstanceUsage', { InstanceId })).RepoUsage, '0');
  const { RepoId: other } = await owner(gateway, 'CreateRepository', again);
  assert.notEqual(other, RepoId);
  assert.deepEqual(await finish(gateway), []);
});

test('with a repository go its rules, source and hook; its builds are cancelled and end first, and nobody reaches their logs', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  const RepoId = await make(gateway);
  const named = { InstanceId, RepoId };
  const { db } = means;
  await db
    .insertInto('push_hook')
    .values({ repo_id: RepoId, instance_id: InstanceId, hook_id: 'h-1', sealed_secret: '', created_ms: 1 })
    .execute();
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };
  await db
    .insertInto('source_binding')
    .values({
      repo_id: RepoId,
      instance_id: InstanceId,
      code_repo_type: 'GITLAB',
      code_repo_namespace_name: 'team',
      code_repo_name: 'app',
      auto_build: 0,
      oversea_build: 0,
      disable_cache_build: 0,
      created_ms: 1,
      modified_ms: 1,
      requester: null,
    })
    .execute();
  const { BuildRuleId } = await owner(gateway, 'CreateRepoBuildRule', { ...named, ...rule });
  const { BuildRecordId } = await owner(gateway, 'CreateBuildRecordByRule', { ...named, BuildRuleId });
  const log = await means.logbook.create(BuildRecordId);
  await log.line('one');
  await log.committed();
  await log.seal({ verdict: 'complete' });
  const reads: [Action, Record<string, string>][] = [
    ['ListRepoBuildRecordLog', { ...named, BuildRecordId }],
    ['GetRepoBuildRecord', { InstanceId, BuildRecordId }],
    ['GetRepoBuildRecordStatus', { ...named, BuildRecordId }],
    ['ListRepoBuildRecord', named],
    ['ListRepoBuildRule', named],
    ['GetRepoSourceCodeRepo', named],
  ];
  for (const [action, params] of reads) await owner(gateway, action, params);
  await owner(gateway, 'DeleteRepository', named);
  const gone = async () => {
    for (const [action, params] of reads) {
      const { status, body } = await callAs(gateway, gateway, action, params);
      assert.deepEqual([status, body.Code], [404, 'REPO_NOT_EXIST'], action);
    }
  };
  await gone();
  for (const table of ['build_rule', 'source_binding', 'push_hook'] as const)
    assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table);
  const record = await db.selectFrom('build_record').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([record.status, record.cancel_requested], ['PENDING', 1]);
  assert.deepEqual(await finish(gateway), []);
  await db.updateTable('build_record').set({ status: 'CANCELED' }).execute();
  assert.deepEqual(await finish(gateway), ['team/app']);
  await gone();
  assert.equal((await db.selectFrom('build_record').selectAll().execute()).length, 1);
});

test('a deletion that was broken off is ended by the next try, and holds no other one', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId: await make(gateway) });
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId: await make(gateway, 'other') });
  const fault = new Error('disk');
  const faults = await finishDeletions(means.db, async ({ name }) => {
    if (name === 'app') throw fault;
  });
  assert.deepEqual(
    faults.map(({ repository, error }) => [repository.name, error]),
    [['app', fault]],
  );
  const { Repositories } = await owner(gateway, 'ListRepository', { InstanceId });
  assert.deepEqual(
    Repositories.map((one: Record<string, string>) => [one.RepoName, one.RepoStatus]),
    [['app', 'DELETING']],
  );
  assert.deepEqual(await finish(gateway), ['team/app']);
});

test('id and name that disagree delete nothing, and nobody deletes without a grant for this repository', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  const RepoId = await make(gateway);
  const other = await make(gateway, 'other');
  const on = (path: string) => policy('Allow', 'cr:DeleteRepository', `acs:cr:*:*:repository/${InstanceId}/${path}`);
  const key = await makeUser(gateway, 'own', on('team/app'));
  const { status, body } = await callAs(gateway, gateway, 'DeleteRepository', {
    InstanceId,
    RepoId,
    RepoNamespaceName: 'team',
    RepoName: 'other',
  });
  assert.deepEqual([status, body.Code], [404, 'REPO_NOT_EXIST']);
  for (const named of [{ RepoId: other }, { RepoNamespaceName: 'team', RepoName: 'other' }, { RepoId: 'crr-none' }])
    assert.equal((await callAs(gateway, key, 'DeleteRepository', { InstanceId, ...named })).body.Code, 'NoPrivilege');
  assert.equal((await callAs(gateway, gateway, 'DeleteRepository', { InstanceId })).body.Code, 'MissingParameter');
  assert.equal((await callAs(gateway, key, 'DeleteRepository', { InstanceId, RepoId })).status, 200);
});

test('a namespace with repositories is refused; with the setting of the operator they go with it, and then its name is free', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  const named = { InstanceId, NamespaceName: 'team' };
  await make(gateway);
  await make(gateway, 'other');
  const code = async (action: Action, params: Record<string, string>) =>
    (await callAs(gateway, gateway, action, params)).body.Code;
  assert.equal(await code('DeleteNamespace', named), 'NAMESPACE_NOT_EMPTY');
  await using vendor = await startGatewayUnderTest({ means: { deleteNamespaceContents: true } });
  const there = { InstanceId: vendor.instanceId, NamespaceName: 'team' };
  await make(vendor);
  await make(vendor, 'other');
  const vendorCode = async (action: Action, params: Record<string, string>) =>
    (await callAs(vendor, vendor, action, params)).body.Code;
  assert.equal(await vendorCode('DeleteNamespace', there), 'success');
  assert.equal((await owner(vendor, 'GetNamespace', there)).NamespaceStatus, 'DELETING');
  assert.equal(await vendorCode('DeleteNamespace', there), 'NAMESPACE_NOT_EXIST');
  assert.equal(await vendorCode('CreateNamespace', there), 'NAMESPACE_ALREADY_EXIST');
  const app = {
    InstanceId: vendor.instanceId,
    RepoNamespaceName: 'team',
    RepoName: 'new',
    RepoType: 'PRIVATE',
    Summary: 'x',
  };
  assert.equal(await vendorCode('CreateRepository', app), 'NAMESPACE_NOT_EXIST');
  assert.deepEqual((await finish(vendor)).sort(), ['team/app', 'team/other']);
  assert.equal(await vendorCode('GetNamespace', there), 'NAMESPACE_NOT_EXIST');
  assert.equal(await vendorCode('CreateNamespace', there), 'success');
});
