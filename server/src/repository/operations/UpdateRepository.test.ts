import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

test('an update by id or by name changes the given fields and keeps the rest', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const name = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const made = { ...name, RepoType: 'PRIVATE', Summary: 'before', Detail: 'long' };
  const { RepoId } = await owner(gateway, 'CreateRepository', made);
  const current = async () => {
    const { RepoType, Summary, Detail, TagImmutability } = await owner(gateway, 'GetRepository', name);
    return [RepoType, Summary, Detail, TagImmutability];
  };
  await owner(gateway, 'UpdateRepository', { InstanceId, RepoId, RepoType: 'PUBLIC', Summary: 'after' });
  assert.deepEqual(await current(), ['PUBLIC', 'after', 'long', false]);
  await owner(gateway, 'UpdateRepository', {
    ...name,
    RepoType: 'PRIVATE',
    Summary: 'last',
    Detail: 'short',
    TagImmutability: 'true',
  });
  assert.deepEqual(await current(), ['PRIVATE', 'last', 'short', true]);
  await owner(gateway, 'UpdateRepository', { ...name, RepoType: 'PRIVATE', Summary: 'last' });

  const change = { RepoType: 'PUBLIC', Summary: 'x' };
  for (const [given, status, code] of [
    [{ InstanceId, RepoId: 'crr-none', ...change }, 404, 'REPO_NOT_EXIST'],
    [{ InstanceId, RepoName: 'app', ...change }, 400, 'MissingParameter'],
    [{ ...name, ...change, Summary: 'x'.repeat(101) }, 400, 'InvalidParameter'],
  ] as const) {
    const { status: got, body } = await callAs(gateway, gateway, 'UpdateRepository', given);
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify(given));
  }
  assert.deepEqual(await current(), ['PRIVATE', 'last', 'short', true]);
});

test('a grant for one repository allows changes to no other, whether named by id or by name', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const summary = { RepoType: 'PRIVATE', Summary: 's' };
  const named = (RepoName: string) => ({ InstanceId, RepoNamespaceName: 'team', RepoName, ...summary });
  const { RepoId: own } = await owner(gateway, 'CreateRepository', named('own'));
  const { RepoId: other } = await owner(gateway, 'CreateRepository', named('other'));
  const resource = `acs:cr:*:*:repository/${InstanceId}/team/own`;
  const user = await makeUser(gateway, 'ci', policy('Allow', 'cr:UpdateRepository', resource));
  const status = async (params: Record<string, string>) =>
    (await callAs(gateway, user, 'UpdateRepository', { InstanceId, ...summary, ...params })).status;
  assert.deepEqual([await status({ RepoId: own }), await status(named('own'))], [200, 200]);
  assert.deepEqual([await status({ RepoId: other }), await status(named('other'))], [403, 403]);
});
