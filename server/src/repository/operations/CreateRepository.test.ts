import assert from 'node:assert/strict';
import { test } from 'node:test';
import { owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';

const APP = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };

async function start() {
  const gateway = await startGatewayUnderTest();
  await call(gateway, 'CreateNamespace', { NamespaceName: 'team' });
  return gateway;
}

async function call(gateway: GatewayUnderTest, action: string, params: Record<string, string>) {
  const { status, body } = await callV1(gateway, action, { InstanceId: gateway.instanceId, ...params });
  return { status, body: JSON.parse(body) as Record<string, unknown> };
}

import { ensureForPush } from '../auto-create.ts';

test('returns a repository as it was created, by id and by name', async () => {
  await using gateway = await start();
  const RepoId = String((await call(gateway, 'CreateRepository', { ...APP, Detail: 'more' })).body.RepoId);
  assert.match(RepoId, /^crr-[a-z0-9]{16}$/);
  const { RequestId, ...byId } = (await call(gateway, 'GetRepository', { RepoId })).body;
  const name = { RepoNamespaceName: 'team', RepoName: 'app' };
  const { RequestId: other, ...byName } = (await call(gateway, 'GetRepository', name)).body;
  assert.notEqual(RequestId, other);
  assert.deepEqual(byId, byName);
  assert.deepEqual([byId.RepoType, byId.Summary, byId.Detail, byId.RepoId], ['PRIVATE', 'an app', 'more', RepoId]);
});

test('lists repositories by namespace and by part of the name, in order and in pages', async () => {
  await using gateway = await start();
  await call(gateway, 'CreateNamespace', { NamespaceName: 'other' });
  for (const RepoName of ['web-b', 'web-a', 'db']) await call(gateway, 'CreateRepository', { ...APP, RepoName });
  await call(gateway, 'CreateRepository', { ...APP, RepoNamespaceName: 'other', RepoName: 'web-a' });
  const names = async (params: Record<string, string>) => {
    const { body } = await call(gateway, 'ListRepository', params);
    const found = body.Repositories as { RepoNamespaceName: string; RepoName: string }[];
    return [body.TotalCount, ...found.map((one) => `${one.RepoNamespaceName}/${one.RepoName}`)];
  };
  assert.deepEqual(await names({ RepoName: 'web' }), ['3', 'other/web-a', 'team/web-a', 'team/web-b']);
  assert.deepEqual(await names({ RepoNamespaceName: 'team', PageNo: '2', PageSize: '2' }), ['3', 'team/web-b']);
});

test('refuses an invalid or taken name, a long summary and an unknown namespace, and answers 404 for an unknown repository', async () => {
  await using gateway = await start();
  await call(gateway, 'CreateRepository', APP);
  for (const [params, status, code] of [
    [APP, 409, 'REPO_ALREADY_EXIST'],
    [{ ...APP, RepoName: 'App' }, 400, 'InvalidParameter'],
    [{ ...APP, RepoName: '../etc' }, 400, 'InvalidParameter'],
    [{ ...APP, RepoName: 'new', Summary: 'x'.repeat(101) }, 400, 'InvalidParameter'],
    [{ ...APP, RepoNamespaceName: 'nobody' }, 404, 'NAMESPACE_NOT_EXIST'],
  ] as const) {
    const { status: got, body } = await call(gateway, 'CreateRepository', params);
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify(params));
  }
  for (const params of [{ RepoId: 'crr-none' }, { RepoNamespaceName: 'team', RepoName: 'none' }]) {
    const { status, body } = await call(gateway, 'GetRepository', params);
    assert.deepEqual([status, body.Code], [404, 'REPO_NOT_EXIST']);
  }
  assert.equal((await call(gateway, 'GetRepository', {})).body.Code, 'MissingParameter');
});

test('new repositories, made by a call or a push, take TagImmutability from their namespace unless the call says otherwise', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  const named = { InstanceId, NamespaceName: 'team' };
  const immutable = JSON.stringify({ RepoType: 'PRIVATE', TagImmutability: true });
  await owner(gateway, 'CreateNamespace', { ...named, AutoCreateRepo: 'true', DefaultRepoConfiguration: immutable });
  const make = (RepoName: string, more: Record<string, string> = {}) =>
    owner(gateway, 'CreateRepository', {
      InstanceId,
      RepoNamespaceName: 'team',
      RepoName,
      RepoType: 'PRIVATE',
      Summary: 's',
      ...more,
    });
  await make('default');
  await make('mutable', { TagImmutability: 'false' });
  await ensureForPush(means, InstanceId, 'team', 'pushed');
  // A change is for repositories that come after it.
  const mutable = JSON.stringify({ RepoType: 'PUBLIC', TagImmutability: false });
  await owner(gateway, 'UpdateNamespace', { ...named, DefaultRepoConfiguration: mutable });
  const { DefaultRepoConfiguration: shown } = await owner(gateway, 'GetNamespace', named);
  assert.deepEqual([shown.RepoType, shown.TagImmutability], ['PUBLIC', false]);
  await make('later');
  const { Repositories } = await owner(gateway, 'ListRepository', { InstanceId });
  assert.deepEqual(
    Repositories.map((one: Record<string, unknown>) => [one.RepoName, one.TagImmutability]),
    [
      ['default', true],
      ['later', false],
      ['mutable', false],
      ['pushed', true],
    ],
  );
});

test('new repositories of a namespace with ArtifactBuildRuleParameters have a rule for accelerated images, others have none', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId, means } = gateway;
  const named = { InstanceId, NamespaceName: 'team' };
  const configured = (more: object) => JSON.stringify({ RepoType: 'PRIVATE', TagImmutability: false, ...more });
  const accelerating = configured({ ArtifactBuildRuleParameters: { ImageIndexOnly: false } });
  await owner(gateway, 'CreateNamespace', { ...named, AutoCreateRepo: 'true', DefaultRepoConfiguration: accelerating });
  const shown = async () => (await owner(gateway, 'GetNamespace', named)).DefaultRepoConfiguration;
  assert.deepEqual((await shown()).ArtifactBuildRuleParameters, { ImageIndexOnly: false });
  await ensureForPush(means, InstanceId, 'team', 'pushed');
  await owner(gateway, 'UpdateNamespace', { ...named, AutoCreateRepo: 'true' });
  await ensureForPush(means, InstanceId, 'team', 'again');
  await owner(gateway, 'UpdateNamespace', { ...named, DefaultRepoConfiguration: configured({}) });
  assert.equal('ArtifactBuildRuleParameters' in (await shown()), false);
  await ensureForPush(means, InstanceId, 'team', 'later');
  const { Repositories } = await owner(gateway, 'ListRepository', { InstanceId });
  const codes = [];
  for (const { RepoName, RepoId: ScopeId } of Repositories)
    codes.push([RepoName, (await call(gateway, 'GetArtifactBuildRule', { ScopeId })).body.Code]);
  assert.deepEqual(codes, [
    ['again', 'success'],
    ['later', 'ARTIFACT_BUILD_RULE_NOT_EXIST'],
    ['pushed', 'success'],
  ]);
});
