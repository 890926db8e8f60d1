import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRepositoryUnderTest } from '../testing/repository.ts';

async function only(repository: Awaited<ReturnType<typeof startRepositoryUnderTest>>) {
  const { body } = await repository.call('ListRepoBuildRule');
  return (body.BuildRules as Record<string, unknown>[])[0];
}

test('changes the given parameters and keeps the rest', async () => {
  await using repository = await startRepositoryUnderTest();
  const BuildRuleId = await repository.addRule({ 'BuildArgs.1': 'A=1' });
  const before = await only(repository);
  const change = { BuildRuleId, PushName: 'dev-(?<tag>\\w+)', ImageTag: '${tag}' };
  const { status, body } = await repository.call('UpdateRepoBuildRule', change);
  assert.deepEqual([status, body.BuildRuleId], [200, BuildRuleId]);
  assert.deepEqual(await only(repository), { ...before, PushName: 'dev-(?<tag>\\w+)', ImageTag: '${tag}' });
});

test('refuses a change that would make the rule as a whole invalid, and changes nothing', async () => {
  await using repository = await startRepositoryUnderTest();
  const BuildRuleId = await repository.addRule({ PushName: 'v(?<tag>\\w+)', ImageTag: '${tag}' });
  const { status, body } = await repository.call('UpdateRepoBuildRule', { BuildRuleId, PushName: 'v.*' });
  assert.equal(status, 400);
  assert.match(body.Message ?? '', /"ImageTag".*no group named tag/);
  assert.equal((await only(repository))?.PushName, 'v(?<tag>\\w+)');
});

test('answers 404 BUILD_RULE_NOT_EXIST for an unknown rule, and for one of another repository', async () => {
  await using repository = await startRepositoryUnderTest();
  const BuildRuleId = await repository.addRule();
  const other = { RepoNamespaceName: 'team', RepoName: 'other', RepoType: 'PRIVATE', Summary: 'x' };
  const { body: made } = await repository.call('CreateRepository', other);
  for (const params of [{ BuildRuleId: 'crbr-none' }, { BuildRuleId, RepoId: String(made.RepoId) }]) {
    for (const action of ['UpdateRepoBuildRule', 'DeleteRepoBuildRule']) {
      const { status, body } = await repository.call(action, params);
      assert.deepEqual([status, body.Code], [404, 'BUILD_RULE_NOT_EXIST'], action);
    }
  }
});
