import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { ensureForPush } from '../auto-create.ts';

test('returns usage and quotas as text, and enforces a quota for concurrent calls and for pushes', async () => {
  await using gateway = await startGatewayUnderTest({
    means: { quotas: { namespaces: 2, repositories: 3, chartNamespaces: 4, chartRepositories: 5 } },
  });
  const { instanceId: InstanceId, means } = gateway;
  const namespaces = await Promise.all(
    ['a', 'b', 'c', 'd'].map((NamespaceName) =>
      callAs(gateway, gateway, 'CreateNamespace', { InstanceId, NamespaceName, AutoCreateRepo: 'true' }),
    ),
  );
  const codes = (replies: { body: { Code: string } }[]) => replies.map(({ body }) => body.Code).sort();
  assert.deepEqual(codes(namespaces), ['NAMESPACE_QUOTA_EXCEED', 'NAMESPACE_QUOTA_EXCEED', 'success', 'success']);
  const { Namespaces } = await owner(gateway, 'ListNamespace', { InstanceId });
  const RepoNamespaceName = Namespaces[0].NamespaceName;
  const make = (RepoName: string) =>
    callAs(gateway, gateway, 'CreateRepository', {
      InstanceId,
      RepoNamespaceName,
      RepoName,
      RepoType: 'PRIVATE',
      Summary: 'x',
    });
  assert.ok(await ensureForPush(means, InstanceId, RepoNamespaceName, 'pushed'));
  const repositories = await Promise.all(['a', 'b', 'c'].map(make));
  assert.deepEqual(codes(repositories), ['REPO_QUOTA_EXCEED', 'success', 'success']);
  assert.equal(await ensureForPush(means, InstanceId, RepoNamespaceName, 'another'), false);
  assert.equal((await make('pushed')).body.Code, 'REPO_ALREADY_EXIST');
  const { RequestId, Code, IsSuccess, ...usage } = await owner(gateway, 'GetInstanceUsage', { InstanceId });
  assert.deepEqual(usage, {
    ChartNamespaceQuota: '4',
    ChartNamespaceUsage: '0',
    ChartRepoQuota: '5',
    ChartRepoUsage: '0',
    NamespaceQuota: '2',
    NamespaceUsage: '2',
    RepoQuota: '3',
    RepoUsage: '3',
    VpcQuota: '3',
    VpcUsage: '0',
  });
});

test('an instance that has more than the quota keeps it, gets no more, and shows that', async () => {
  const quotas = { namespaces: 2, repositories: 1, chartNamespaces: 1, chartRepositories: 1 };
  await using gateway = await startGatewayUnderTest({ means: { quotas } });
  const { instanceId: InstanceId } = gateway;
  for (const NamespaceName of ['a', 'b']) await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName });
  quotas.namespaces = 1;
  assert.equal((await owner(gateway, 'GetInstanceUsage', { InstanceId })).NamespaceQuota, '2');
  const { status, body } = await callAs(gateway, gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'c' });
  assert.deepEqual([status, body.Code], [400, 'NAMESPACE_QUOTA_EXCEED']);
  const unknown = await callAs(gateway, gateway, 'GetInstanceUsage', { InstanceId: 'cri-none' });
  assert.deepEqual([unknown.status, unknown.body.Code], [404, 'INSTANCE_NOT_EXIST']);
});
