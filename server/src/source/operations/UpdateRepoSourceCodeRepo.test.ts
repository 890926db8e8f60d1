import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';

async function startWithRepository() {
  const gateway = await startGatewayUnderTest();
  const call = async (action: string, params: Record<string, string> = {}) => {
    const { status, body } = await callV1(gateway, action, { InstanceId: gateway.instanceId, ...params });
    return { status, body: JSON.parse(body) as Record<string, unknown> };
  };
  await call('CreateNamespace', { NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };
  const RepoId = String((await call('CreateRepository', repository)).body.RepoId);
  return {
    RepoId,
    call: (action: string, params: Record<string, string> = {}) =>
      call(action, action === 'ListRepository' ? params : { RepoId, ...params }),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const SOURCE = { CodeRepoType: 'GITHUB', CodeRepoNamespaceName: 'group/sub', CodeRepoName: 'app' };

test('returns a source as it was bound and as it was changed, with switches as text', async () => {
  await using repository = await startWithRepository();
  await repository.call('CreateRepoSourceCodeRepo', { ...SOURCE, AutoBuild: 'true' });
  const first = (await repository.call('GetRepoSourceCodeRepo')).body;
  assert.deepEqual(
    [first.AutoBuild, first.OverseaBuild, first.DisableCacheBuild, first.CodeRepoType, first.CodeRepoNamespaceName],
    ['true', 'false', 'false', 'GITHUB', 'group/sub'],
  );
  const change = { CodeRepoType: 'GITEE', CodeRepoNamespaceName: 'other', CodeRepoName: 'thing' };
  await repository.call('UpdateRepoSourceCodeRepo', { ...change, DisableCacheBuild: 'true' });
  const second = (await repository.call('GetRepoSourceCodeRepo')).body;
  assert.deepEqual(
    [second.AutoBuild, second.DisableCacheBuild, second.CodeRepoType, second.CodeRepoName, second.RepoId],
    ['true', 'true', 'GITEE', 'thing', repository.RepoId],
  );
});

test('RepoBuildType is AUTO if pushes start builds and MANUAL otherwise, for one repository and in lists', async () => {
  await using repository = await startWithRepository();
  const shown = async () => {
    const { Repositories } = (await repository.call('ListRepository', { RepoNamespaceName: 'team' })).body;
    const one = (await repository.call('GetRepository')).body;
    return [one.RepoBuildType, ...(Repositories as { RepoBuildType: string }[]).map((each) => each.RepoBuildType)];
  };
  assert.deepEqual(await shown(), ['MANUAL', 'MANUAL']);
  await repository.call('CreateRepoSourceCodeRepo', SOURCE);
  assert.deepEqual(await shown(), ['MANUAL', 'MANUAL']);
  await repository.call('UpdateRepoSourceCodeRepo', { ...SOURCE, AutoBuild: 'true' });
  assert.deepEqual(await shown(), ['AUTO', 'AUTO']);
});

test('refuses an invalid code repository, naming the parameter, and a second source', async () => {
  await using repository = await startWithRepository();
  for (const [name, value] of [
    ['CodeRepoNamespaceName', '../etc'],
    ['CodeRepoName', 'app.git'],
    ['CodeRepoName', '-x'],
    ['CodeRepoType', 'SVN'],
  ] as const) {
    for (const action of ['CreateRepoSourceCodeRepo', 'UpdateRepoSourceCodeRepo']) {
      const { status, body } = await repository.call(action, { ...SOURCE, [name]: value });
      assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], `${action} ${value}`);
      assert.match(String(body.Message), new RegExp(`"${name}"`));
    }
  }
  const unbound = await repository.call('GetRepoSourceCodeRepo');
  assert.deepEqual([unbound.status, unbound.body.Code], [404, 'SOURCE_CODE_REPO_NOT_EXIST']);
  assert.equal((await repository.call('UpdateRepoSourceCodeRepo', SOURCE)).body.Code, 'SOURCE_CODE_REPO_NOT_EXIST');
  assert.equal((await repository.call('CreateRepoSourceCodeRepo', SOURCE)).status, 200);
  assert.equal((await repository.call('CreateRepoSourceCodeRepo', SOURCE)).body.Code, 'SOURCE_CODE_REPO_ALREADY_EXIST');
});

test('a user with rights to one repository only can switch its builds on and off, but cannot change its source', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'an app' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
  await owner(gateway, 'CreateRepoSourceCodeRepo', { InstanceId, RepoId, ...SOURCE });
  const narrow = policy('Allow', 'cr:*', `acs:cr:*:*:repository/${InstanceId}/team/*`);
  const [eve, wide] = [
    await makeUser(gateway, 'eve', narrow),
    await makeUser(gateway, 'wide', policy('Allow', 'cr:*')),
  ];
  const update = (key: typeof eve, change: Record<string, string>) =>
    callAs(gateway, key, 'UpdateRepoSourceCodeRepo', { InstanceId, RepoId, ...SOURCE, ...change });
  assert.equal((await update(eve, { AutoBuild: 'true' })).status, 200);
  for (const change of [{ CodeRepoName: 'vault' }, { CodeRepoNamespaceName: 'else' }, { CodeRepoType: 'GITLAB' }]) {
    const { status, body } = await update(eve, change);
    const { AuthAction, AuthResource } = body.AccessDeniedDetail ?? {};
    assert.deepEqual([status, AuthAction, AuthResource], [403, 'cr:CreateSourceRepository', '*']);
  }
  assert.equal((await update(wide, { CodeRepoName: 'vault' })).status, 200);
});
