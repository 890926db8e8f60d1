import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PLATFORM } from '#platform/platform.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';

test('lists a rule as it was created, with defaults for omitted parameters', async () => {
  await using repository = await startRepositoryUnderTest();
  const plain = await repository.addRule();
  const full = await repository.addRule({
    PushType: 'GIT_TAG',
    PushName: 'release-v$version',
    ImageTag: '$version',
    DockerfileLocation: '/docker',
    DockerfileName: 'Dockerfile.release',
    'BuildArgs.1': 'A=1',
    'BuildArgs.2': 'B=two words',
  });
  const { body } = await repository.call('ListRepoBuildRule');
  assert.equal(body.TotalCount, '2');
  assert.deepEqual(body.BuildRules, [
    {
      BuildArgs: [],
      BuildRuleId: plain,
      DockerfileLocation: '/',
      DockerfileName: 'Dockerfile',
      ImageTag: 'latest',
      Platforms: [HOST_PLATFORM],
      PushName: 'main',
      PushType: 'GIT_BRANCH',
    },
    {
      BuildArgs: ['A=1', 'B=two words'],
      BuildRuleId: full,
      DockerfileLocation: '/docker',
      DockerfileName: 'Dockerfile.release',
      ImageTag: '$version',
      Platforms: [HOST_PLATFORM],
      PushName: 'release-v$version',
      PushType: 'GIT_TAG',
    },
  ]);
});

test('refuses a rule that cannot work, naming the parameter', async () => {
  await using repository = await startRepositoryUnderTest();
  for (const [name, params] of Object.entries({
    PushName: { PushName: 'a(' },
    ImageTag: { ImageTag: 'not a tag' },
    DockerfileLocation: { DockerfileLocation: '../..' },
    BuildArgs: { 'BuildArgs.1': '1=a' },
    PushType: { PushType: 'GIT_NOTE' },
    Platforms: { 'Platforms.1': 'windows/amd64' },
  })) {
    const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest', ...params };
    const { status, body } = await repository.call('CreateRepoBuildRule', rule);
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], name);
    assert.match(body.Message ?? '', new RegExp(`"${name}`));
  }
  assert.equal((await repository.call('ListRepoBuildRule')).body.TotalCount, '0');
});

test('accepts exactly the branch and tag names that Git allows', async () => {
  await using repository = await startRepositoryUnderTest();
  const create = (PushName: string) =>
    repository.call('CreateRepoBuildRule', { PushType: 'GIT_BRANCH', PushName, ImageTag: 'latest' });
  for (const name of ['a..b', 'x.lock', '/a', 'a b', 'a~1', '-x']) {
    const { status, body } = await create(name);
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], name);
    assert.match(body.Message ?? '', /"PushName/, name);
  }
  for (const name of ['feature/#1-x', '功能/登录', 'fix@home', 'a=b'])
    assert.equal((await create(name)).status, 200, name);
});

test('accepts several platforms, including other machines’, and drops duplicates', async () => {
  await using repository = await startRepositoryUnderTest();
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };
  const platforms = { 'Platforms.1': 'linux/arm64', 'Platforms.2': 'linux/amd64', 'Platforms.3': 'linux/arm64' };
  const { body } = await repository.call('CreateRepoBuildRule', { ...rule, ...platforms });
  assert.equal(body.Code, 'success');
  const [listed] = (await repository.call('ListRepoBuildRule')).body.BuildRules as { Platforms: string[] }[];
  assert.deepEqual(listed?.Platforms, ['linux/arm64', 'linux/amd64']);
});
