import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { insertChartRelease } from '../chart-release-store.ts';

const NAMES = { RepoNamespaceName: 'team', RepoName: 'apps' };

async function code(gateway: GatewayUnderTest, action: Action, params: Record<string, string>): Promise<string> {
  const { status, body } = await callAs(gateway, gateway, action, { InstanceId: gateway.instanceId, ...params });
  return `${status} ${body.Code}`;
}

/** Releases without archives, each pushed a millisecond after the previous one. */
async function insertReleases({ means }: GatewayUnderTest, repoId: string, charts: readonly [string, string][]) {
  for (const [index, [chart, version]] of charts.entries())
    await insertChartRelease(
      means.db,
      repoId,
      {
        chart,
        version,
        sha256: 'a'.repeat(64),
        sizeBytes: 2826,
        metadata: '{}',
        pushedBy: 'me',
        pushedMs: index,
        provenance: undefined,
        objectKey: `charts/${chart}-${version}`,
      },
      false,
    );
}

test('creates, shows, changes and deletes chart namespaces and repositories, separate from those of images', async () => {
  const removed: string[] = [];
  const removeObjects = async (keys: readonly string[]) => void removed.push(...keys);
  await using gateway = await startGatewayUnderTest({ means: { removeObjects } });
  const { instanceId: InstanceId } = gateway;
  const namespace = { InstanceId, NamespaceName: 'team' };
  const repository = { InstanceId, ...NAMES };
  await owner(gateway, 'CreateNamespace', { ...namespace });
  await owner(gateway, 'CreateChartNamespace', { ...namespace, DefaultRepoType: 'PUBLIC' });
  await owner(gateway, 'UpdateChartNamespace', { ...namespace, AutoCreateRepo: 'true' });
  const { NamespaceId, AutoCreateRepo, DefaultRepoType, NamespaceStatus } = await owner(
    gateway,
    'GetChartNamespace',
    namespace,
  );
  assert.match(NamespaceId, /^crcn-[a-z0-9]{16}$/);
  assert.deepEqual([AutoCreateRepo, DefaultRepoType, NamespaceStatus], [true, 'PUBLIC', 'NORMAL']);
  const { RepoId } = await owner(gateway, 'CreateChartRepository', repository);
  assert.match(RepoId, /^crcr-[a-z0-9]{16}$/);
  await owner(gateway, 'UpdateChartRepository', { ...repository, Summary: 'ours' });
  const told = await owner(gateway, 'GetChartRepository', repository);
  assert.deepEqual([told.RepoId, told.RepoType, told.Summary, told.RepoStatus], [RepoId, 'PUBLIC', 'ours', 'NORMAL']);
  await owner(gateway, 'UpdateChartRepository', { ...repository, RepoType: 'PRIVATE' });
  const { Repositories, TotalCount } = await owner(gateway, 'ListChartRepository', { InstanceId, RepoName: 'app' });
  assert.deepEqual([TotalCount, Repositories[0].RepoType, Repositories[0].Summary], ['1', 'PRIVATE', 'ours']);
  assert.equal((await owner(gateway, 'ListRepository', { InstanceId })).TotalCount, '0');

  await insertReleases(gateway, RepoId, [
    ['web', '1.0.0'],
    ['web', '1.1.0'],
    ['db', '0.1.0'],
  ]);
  const list = async (params = {}) => {
    const { ChartReleases } = await owner(gateway, 'ListChartRelease', { ...repository, ...params });
    return ChartReleases.map((one: Record<string, string>) => `${one.Chart} ${one.Release} ${one.Size} ${one.Status}`);
  };
  assert.deepEqual(await list(), ['db 0.1.0 2826 ENABLED', 'web 1.1.0 2826 ENABLED', 'web 1.0.0 2826 ENABLED']);
  assert.deepEqual(await list({ Chart: 'we', PageSize: '1', PageNo: '2' }), ['web 1.0.0 2826 ENABLED']);
  await owner(gateway, 'DeleteChartRelease', { ...repository, Chart: 'web', Release: '1.0.0' });
  assert.deepEqual(removed, ['charts/web-1.0.0']);
  // The content of a repository is deleted with it.
  await owner(gateway, 'DeleteChartRepository', repository);
  assert.deepEqual(removed.sort(), ['charts/db-0.1.0', 'charts/web-1.0.0', 'charts/web-1.1.0']);
  await owner(gateway, 'DeleteChartNamespace', namespace);
  await owner(gateway, 'GetNamespace', namespace);
  for (const action of ['GetChartNamespace', 'UpdateChartNamespace', 'DeleteChartNamespace'] as const)
    assert.equal(await code(gateway, action, namespace), '404 CHART_NAMESPACE_NOT_EXIST');
});

test('refuses an invalid call about charts with the code of the mistake', async () => {
  const quotas = { namespaces: 9, repositories: 9, chartNamespaces: 1, chartRepositories: 1 };
  await using gateway = await startGatewayUnderTest({ means: { quotas } });
  await owner(gateway, 'CreateChartNamespace', { InstanceId: gateway.instanceId, NamespaceName: 'team' });
  await owner(gateway, 'CreateChartRepository', { InstanceId: gateway.instanceId, ...NAMES });
  const other = { RepoNamespaceName: 'team', RepoName: 'other' };
  const cases: [Action, Record<string, string>, string][] = [
    ['CreateChartNamespace', { NamespaceName: 'team' }, '409 CHART_NAMESPACE_ALREADY_EXIST'],
    ['CreateChartNamespace', { NamespaceName: 'more' }, '400 CHART_NAMESPACE_QUOTA_EXCEED'],
    ['CreateChartNamespace', { NamespaceName: 'a/b' }, '400 InvalidParameter'],
    ['CreateChartRepository', NAMES, '409 CHART_REPO_ALREADY_EXIST'],
    ['CreateChartRepository', other, '400 CHART_REPO_QUOTA_EXCEED'],
    ['CreateChartRepository', { ...other, RepoNamespaceName: 'none' }, '404 CHART_NAMESPACE_NOT_EXIST'],
    ['CreateChartRepository', { ...other, RepoName: '..' }, '400 InvalidParameter'],
    ['CreateChartRepository', { ...other, Summary: 'x'.repeat(101) }, '400 InvalidParameter'],
    ['UpdateChartRepository', { ...NAMES, Summary: 'x'.repeat(101) }, '400 InvalidParameter'],
    ['DeleteChartNamespace', { NamespaceName: 'team' }, '409 CHART_NAMESPACE_NOT_EMPTY'],
    ['DeleteChartRelease', { ...NAMES, Chart: 'web', Release: '1.0.0' }, '404 CHART_RELEASE_NOT_EXIST'],
    ...(['GetChartRepository', 'UpdateChartRepository', 'DeleteChartRepository', 'ListChartRelease'] as const).map(
      (action): [Action, Record<string, string>, string] => [action, other, '404 CHART_REPO_NOT_EXIST'],
    ),
    ['ListChartNamespace', { PageNo: '0' }, '400 InvalidParameter'],
    ['ListChartRelease', { ...NAMES, PageSize: '0' }, '400 InvalidParameter'],
    ['ListChartRepository', { InstanceId: 'cri-none' }, '404 INSTANCE_NOT_EXIST'],
  ];
  for (const [action, params, expected] of cases)
    assert.equal(await code(gateway, action, params), expected, `${action} ${JSON.stringify(params)}`);
  for (const list of ['ListChartNamespace', 'ListChartRepository'] as const) {
    const status = list === 'ListChartNamespace' ? 'NamespaceStatus' : 'RepoStatus';
    const { TotalCount } = await owner(gateway, list, { InstanceId: gateway.instanceId, [status]: 'DELETING' });
    assert.equal(TotalCount, '0');
  }
});

test('deletes a chart namespace with its repositories and their charts if the operator’s setting says so', async () => {
  const removed: string[] = [];
  const removeObjects = async (keys: readonly string[]) => void removed.push(...keys);
  await using gateway = await startGatewayUnderTest({ means: { removeObjects, deleteNamespaceContents: true } });
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateChartNamespace', { InstanceId, NamespaceName: 'team' });
  const { RepoId } = await owner(gateway, 'CreateChartRepository', { InstanceId, ...NAMES });
  await insertReleases(gateway, RepoId, [['web', '1.0.0']]);
  await owner(gateway, 'DeleteChartNamespace', { InstanceId, NamespaceName: 'team' });
  assert.deepEqual(removed, ['charts/web-1.0.0']);
  assert.equal(await code(gateway, 'GetChartRepository', NAMES), '404 CHART_REPO_NOT_EXIST');
});

test('ends for a client that requests pages until one has fewer than 50 entries, with or without page numbers', async () => {
  await using gateway = await startGatewayUnderTest({
    means: { quotas: { namespaces: 9, repositories: 9, chartNamespaces: 51, chartRepositories: 9 } },
  });
  const { instanceId: InstanceId } = gateway;
  for (let i = 1; i <= 51; i++) {
    await owner(gateway, 'CreateChartNamespace', { InstanceId, NamespaceName: `n${String(i).padStart(2, '0')}` });
    if (![31, 50, 51].includes(i)) continue;
    const { Namespaces, TotalCount } = await owner(gateway, 'ListChartNamespace', { InstanceId });
    assert.deepEqual([Namespaces.length, TotalCount], [30, String(i)]);
  }
  const names: string[] = [];
  for (const PageNo of ['1', '2'])
    for (const one of (await owner(gateway, 'ListChartNamespace', { InstanceId, PageNo, PageSize: '50' })).Namespaces)
      names.push(one.NamespaceName);
  assert.equal(new Set(names).size, 51);
});

test('a policy on one chart namespace shows no other and no images, and a denied one is in no list', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const name of ['own', 'other']) {
    await owner(gateway, 'CreateChartNamespace', { InstanceId, NamespaceName: name });
    await owner(gateway, 'CreateChartRepository', { InstanceId, RepoNamespaceName: name, RepoName: 'apps' });
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: name });
  }
  const path = `acs:cr:*:*:chart/${InstanceId}`;
  const narrow = await makeUser(gateway, 'narrow', policy('Allow', 'cr:*', `${path}/own*`));
  const status = async (action: Action, params: Record<string, string>) =>
    (await callAs(gateway, narrow, action, { InstanceId, ...params })).status;
  assert.equal(await status('GetChartNamespace', { NamespaceName: 'own' }), 200);
  assert.equal(await status('GetChartRepository', { RepoNamespaceName: 'own', RepoName: 'apps' }), 200);
  assert.equal(await status('GetNamespace', { NamespaceName: 'own' }), 403);
  for (const RepoNamespaceName of ['other', 'none']) {
    assert.equal(await status('GetChartRepository', { RepoNamespaceName, RepoName: 'apps' }), 403);
    assert.equal(await status('DeleteChartNamespace', { NamespaceName: RepoNamespaceName }), 403);
  }
  const document = {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'cr:*', Resource: '*' },
      { Effect: 'Deny', Action: 'cr:List*', Resource: [`${path}/other`, `${path}/other/*`] },
    ],
  };
  const most = await makeUser(gateway, 'most', document);
  const { body: namespaces } = await callAs(gateway, most, 'ListChartNamespace', { InstanceId });
  assert.deepEqual(
    namespaces.Namespaces.map((one: Record<string, string>) => one.NamespaceName),
    ['own'],
  );
  const { body: repositories } = await callAs(gateway, most, 'ListChartRepository', { InstanceId });
  assert.deepEqual(
    repositories.Repositories.map((one: Record<string, string>) => one.RepoNamespaceName),
    ['own'],
  );
});
