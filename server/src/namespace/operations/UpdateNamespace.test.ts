import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

test('a namespace is changed as far as the call says, and deleted while no repository is in it', async () => {
  await using gateway = await startGatewayUnderTest();
  const named = { InstanceId: gateway.instanceId, NamespaceName: 'team' };
  await owner(gateway, 'CreateNamespace', { ...named, AutoCreateRepo: 'true' });
  const stands = async () => {
    const { Namespaces } = await owner(gateway, 'ListNamespace', { InstanceId: gateway.instanceId });
    return Namespaces.map((one: Record<string, unknown>) => [one.AutoCreateRepo, one.DefaultRepoType]);
  };
  await owner(gateway, 'UpdateNamespace', { ...named, DefaultRepoType: 'PUBLIC' });
  assert.deepEqual(await stands(), [[true, 'PUBLIC']]);
  await owner(gateway, 'UpdateNamespace', { ...named, AutoCreateRepo: 'false' });
  assert.deepEqual(await stands(), [[false, 'PUBLIC']]);

  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  await owner(gateway, 'CreateRepository', { InstanceId: gateway.instanceId, ...repository });
  const refused = await callAs(gateway, gateway, 'DeleteNamespace', named);
  assert.deepEqual([refused.status, refused.body.Code], [409, 'NAMESPACE_NOT_EMPTY']);
  assert.deepEqual(await stands(), [[false, 'PUBLIC']]);

  const other = { ...named, NamespaceName: 'other' };
  await owner(gateway, 'CreateNamespace', other);
  await owner(gateway, 'DeleteNamespace', other);
  for (const action of ['DeleteNamespace', 'UpdateNamespace'] as const) {
    const { status, body } = await callAs(gateway, gateway, action, other);
    assert.deepEqual([status, body.Code], [404, 'NAMESPACE_NOT_EXIST'], action);
  }
});
