import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

test('an update changes only the given fields, and a namespace can be deleted only while it is empty', async () => {
  await using gateway = await startGatewayUnderTest();
  const named = { InstanceId: gateway.instanceId, NamespaceName: 'team' };
  await owner(gateway, 'CreateNamespace', { ...named, AutoCreateRepo: 'true' });
  const current = async () => {
    const { Namespaces } = await owner(gateway, 'ListNamespace', { InstanceId: gateway.instanceId });
    return Namespaces.map((one: Record<string, unknown>) => [one.AutoCreateRepo, one.DefaultRepoType]);
  };
  await owner(gateway, 'UpdateNamespace', { ...named, DefaultRepoType: 'PUBLIC' });
  assert.deepEqual(await current(), [[true, 'PUBLIC']]);
  await owner(gateway, 'UpdateNamespace', { ...named, AutoCreateRepo: 'false' });
  assert.deepEqual(await current(), [[false, 'PUBLIC']]);

  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  await owner(gateway, 'CreateRepository', { InstanceId: gateway.instanceId, ...repository });
  const refused = await callAs(gateway, gateway, 'DeleteNamespace', named);
  assert.deepEqual([refused.status, refused.body.Code], [409, 'NAMESPACE_NOT_EMPTY']);
  assert.deepEqual(await current(), [[false, 'PUBLIC']]);

  const other = { ...named, NamespaceName: 'other' };
  await owner(gateway, 'CreateNamespace', other);
  await owner(gateway, 'DeleteNamespace', other);
  for (const action of ['DeleteNamespace', 'UpdateNamespace'] as const) {
    const { status, body } = await callAs(gateway, gateway, action, other);
    assert.deepEqual([status, body.Code], [404, 'NAMESPACE_NOT_EXIST'], action);
  }
});
