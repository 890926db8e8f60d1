import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { callAs, makeUser, owner } from './testing/caller.ts';
import { startGatewayUnderTest } from './testing/gateway.ts';

test('a policy that denies a repository refuses copies and rules of the whole instance that would act on it', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  const repoIds: Record<string, string> = {};
  for (const NamespaceName of ['open', 'secret']) {
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName });
    for (const RepoName of ['app', 'copy']) {
      const named = { InstanceId, RepoNamespaceName: NamespaceName, RepoName, RepoType: 'PRIVATE', Summary: 's' };
      repoIds[`${NamespaceName}/${RepoName}`] = String((await owner(gateway, 'CreateRepository', named)).RepoId);
      const repository = { instanceId: InstanceId, namespaceName: NamespaceName, name: RepoName };
      await pushUnderTest(gateway.means.db, repository, { tag: 'v1', image: 0, nowMs: Date.now() });
    }
  }
  const denied = (action: string, repository: string) => ({
    Effect: 'Deny',
    Action: action,
    Resource: `acs:cr:*:*:repository/${InstanceId}/${repository}`,
  });
  const eve = await makeUser(gateway, 'eve', {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          ...['cr:*SyncRule', 'cr:CreateRepositorySync', 'cr:*LifecycleRule', 'cr:*Chain', 'cr:*ScanRule'],
          'cr:CreateArtifactBuildRule',
        ],
        Resource: '*',
      },
      denied('cr:PullRepository', 'secret/app'),
      denied('cr:PushRepository', 'secret/copy'),
      denied('cr:PutScan', 'secret/app'),
      denied('cr:DeleteRepositoryTag', 'secret/app'),
    ],
  });
  const call = async (action: Action, params: Record<string, string>) => {
    const { status, body } = await callAs(gateway, eve, action, { InstanceId, ...params });
    return status === 200 ? 200 : [status, body.AccessDeniedDetail?.AuthAction, body.Code];
  };
  const pull = [403, 'cr:PullRepository', 'NoPrivilege'];
  const push = [403, 'cr:PushRepository', 'NoPrivilege'];
  const remove = [403, 'cr:DeleteRepositoryTag', 'NoPrivilege'];

  const here = { TargetInstanceId: InstanceId, TargetRegionId: 'local' };
  const copy = (from: string, TargetNamespace: string, TargetRepoName: string) => {
    const target = { ...here, TargetNamespace, TargetRepoName, TargetTag: 'v1' };
    return call('CreateRepoSyncTask', { RepoId: repoIds[from] ?? '', Tag: 'v1', ...target });
  };
  assert.equal(await copy('open/app', 'open', 'copy'), 200);
  assert.deepEqual(await copy('secret/app', 'open', 'copy'), pull);
  assert.deepEqual(await copy('open/app', 'secret', 'copy'), push);

  const rule = (SyncRuleName: string, more: Record<string, string>) =>
    call('CreateRepoSyncRule', { ...here, SyncRuleName, SyncScope: 'REPO', TagFilter: '.*', ...more });
  const ofApp = { NamespaceName: 'secret', RepoName: 'app', TargetNamespaceName: 'open', TargetRepoName: 'copy' };
  assert.deepEqual(await rule('a', ofApp), pull);
  assert.deepEqual(await rule('b', { ...ofApp, NamespaceName: 'open', TargetNamespaceName: 'secret' }), push);
  const ofAll = { SyncScope: 'NAMESPACE', NamespaceName: 'secret', TargetNamespaceName: 'open' };
  assert.deepEqual(await rule('c', ofAll), pull);
  assert.deepEqual(await rule('d', { ...ofAll, RepoNameFilter: 'x.*' }), pull);
  assert.equal(await rule('e', { ...ofApp, NamespaceName: 'open', SyncTrigger: 'INITIATIVE' }), 200);

  const filter = { SyncScope: 'NAMESPACE', NamespaceNameFilter: '.*', TargetNamespaceName: 'open' };
  await owner(gateway, 'UpdateNamespace', { InstanceId, NamespaceName: 'open', AutoCreateRepo: 'true' });
  const byHand = { ...here, ...filter, SyncRuleName: 'f', TagFilter: '.*', SyncTrigger: 'INITIATIVE' };
  const { SyncRuleId } = await owner(gateway, 'CreateRepoSyncRule', { InstanceId, ...byHand });
  const run = { SyncRuleId: String(SyncRuleId), Tag: 'v1' };
  assert.deepEqual(await call('CreateRepoSyncTaskByRule', { ...run, RepoId: repoIds['secret/app'] ?? '' }), pull);
  assert.equal(await call('CreateRepoSyncTaskByRule', { ...run, RepoId: repoIds['secret/copy'] ?? '' }), 200);

  const chain = { Name: 'c', RepoNamespaceName: 'secret', ChainConfig: '{}' };
  assert.deepEqual(await call('CreateChain', chain), remove);
  assert.deepEqual(await call('CreateChain', { ...chain, RepoName: 'app' }), remove);
  assert.equal(await call('CreateChain', { ...chain, RepoNamespaceName: 'open' }), 200);
  const { ChainId } = await owner(gateway, 'CreateChain', { InstanceId, ...chain, Name: 'd' });
  assert.deepEqual(await call('UpdateChain', { Name: 'd', ChainConfig: '{}', ChainId: String(ChainId) }), remove);

  const scan = [403, 'cr:PutScan', 'NoPrivilege'];
  const scanned = { RuleName: 's', ScanScope: 'INSTANCE', RepoTagFilterPattern: '.*', TriggerType: 'AUTO' };
  const ofSecret = { ...scanned, ScanScope: 'NAMESPACE', Namespaces: '["secret"]' };
  const named = { ...scanned, ScanScope: 'REPO', Namespaces: '["secret"]' };
  assert.deepEqual(await call('CreateScanRule', scanned), scan);
  assert.deepEqual(await call('CreateScanRule', ofSecret), scan);
  assert.deepEqual(await call('CreateScanRule', { ...named, RepoNames: '["app"]' }), scan);
  assert.equal(await call('CreateScanRule', { ...named, RepoNames: '["copy"]' }), 200);

  const build = { ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' };
  const accelerate = (repository: string) =>
    call('CreateArtifactBuildRule', { ...build, ScopeId: repoIds[repository] ?? '' });
  assert.deepEqual(await accelerate('secret/app'), pull);
  assert.deepEqual(await accelerate('secret/copy'), push);
  assert.equal(await accelerate('open/app'), 200);

  const keep = { RetentionTagCount: '3', EnableDeleteTag: 'true' };
  const ofOpen = { ...keep, Scope: 'NAMESPACE', NamespaceName: 'open' };
  assert.deepEqual(await call('CreateArtifactLifecycleRule', { ...keep, Scope: 'INSTANCE' }), remove);
  assert.deepEqual(await call('CreateArtifactLifecycleRule', { ...ofOpen, NamespaceName: 'secret' }), remove);
  assert.equal(await call('CreateArtifactLifecycleRule', ofOpen), 200);
  const { RuleId } = await owner(gateway, 'CreateArtifactLifecycleRule', { InstanceId, ...ofOpen });
  assert.deepEqual(
    await call('UpdateArtifactLifecycleRule', { ...keep, RuleId: String(RuleId), Scope: 'INSTANCE' }),
    remove,
  );
});
