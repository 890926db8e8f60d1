import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

test('returns a namespace by its name, by its id, or by both if they agree', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const NamespaceName of ['team', 'other'])
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName, DefaultRepoType: 'PUBLIC' });
  const { Namespaces } = await owner(gateway, 'ListNamespace', { InstanceId, NamespaceName: 'team' });
  const { NamespaceId } = Namespaces[0];
  for (const named of [{ NamespaceName: 'team' }, { NamespaceId }, { NamespaceName: 'team', NamespaceId }]) {
    const { RequestId, Code, IsSuccess, ...one } = await owner(gateway, 'GetNamespace', { InstanceId, ...named });
    assert.deepEqual(one, Namespaces[0]);
  }
  for (const [named, status, code] of [
    [{}, 400, 'MissingParameter'],
    [{ NamespaceName: 'none' }, 404, 'NAMESPACE_NOT_EXIST'],
    [{ NamespaceId: 'crn-none' }, 404, 'NAMESPACE_NOT_EXIST'],
    [{ NamespaceId, NamespaceName: 'other' }, 404, 'NAMESPACE_NOT_EXIST'],
    [{ NamespaceName: 'team', InstanceId: 'cri-none' }, 404, 'INSTANCE_NOT_EXIST'],
  ] as const) {
    const { status: got, body } = await callAs(gateway, gateway, 'GetNamespace', { InstanceId, ...named });
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify(named));
  }
});

test('a grant for one namespace shows no other, however it is named', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const NamespaceName of ['own', 'other']) await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName });
  const { Namespaces } = await owner(gateway, 'ListNamespace', { InstanceId });
  const [other, own] = Namespaces.map((one: { NamespaceId: string }) => one.NamespaceId);
  const key = await makeUser(
    gateway,
    'own',
    policy('Allow', 'cr:GetNamespace', `acs:cr:*:*:repository/${InstanceId}/own`),
  );
  const asked = async (named: Record<string, string>) =>
    (await callAs(gateway, key, 'GetNamespace', { InstanceId, ...named })).status;
  assert.deepEqual([await asked({ NamespaceName: 'own' }), await asked({ NamespaceId: own })], [200, 200]);
  for (const named of [
    { NamespaceName: 'other' },
    { NamespaceId: other },
    { NamespaceId: other, NamespaceName: 'own' },
    { NamespaceId: 'crn-none' },
    { NamespaceName: 'none' },
  ])
    assert.equal(await asked(named), 403, JSON.stringify(named));
});
