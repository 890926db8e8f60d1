import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';

async function call(gateway: GatewayUnderTest, action: string, params: Record<string, string>) {
  const { status, body } = await callV1(gateway, action, { InstanceId: gateway.instanceId, ...params });
  return { status, body: JSON.parse(body) as Record<string, unknown> };
}

test('lists a namespace as it was created: by default private, and a push creates no repositories in it', async () => {
  await using gateway = await startGatewayUnderTest();
  await call(gateway, 'CreateNamespace', { NamespaceName: 'team' });
  await call(gateway, 'CreateNamespace', { NamespaceName: 'open', AutoCreateRepo: 'true', DefaultRepoType: 'PUBLIC' });
  const { body } = await call(gateway, 'ListNamespace', {});
  assert.equal(body.TotalCount, '2');
  assert.deepEqual(
    (body.Namespaces as Record<string, unknown>[]).map(({ NamespaceName, AutoCreateRepo, DefaultRepoType }) => [
      NamespaceName,
      AutoCreateRepo,
      DefaultRepoType,
    ]),
    [
      ['open', true, 'PUBLIC'],
      ['team', false, 'PRIVATE'],
    ],
  );
});

test('refuses a name that is taken, and a name that cannot be part of an image name', async () => {
  await using gateway = await startGatewayUnderTest();
  assert.equal((await call(gateway, 'CreateNamespace', { NamespaceName: 'team' })).status, 200);
  const again = await call(gateway, 'CreateNamespace', { NamespaceName: 'team' });
  assert.deepEqual([again.status, again.body.Code], [409, 'NAMESPACE_ALREADY_EXIST']);
  for (const NamespaceName of ['Team', 'a/b', '-a', 'a..b', 'a b', '*', 'ä', 'x'.repeat(121)]) {
    const { status, body } = await call(gateway, 'CreateNamespace', { NamespaceName });
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], NamespaceName);
    assert.match(String(body.Message), /"NamespaceName"/);
  }
});
