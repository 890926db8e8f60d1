import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PLATFORM } from '../build-rule.ts';
import { startRepositoryUnderTest } from '../repository-under-test.ts';

test('a rule is listed as it was made, with defaults for what was left out', async () => {
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
    Platforms: { 'Platforms.1': HOST_PLATFORM === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64' },
  })) {
    const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest', ...params };
    const { status, body } = await repository.call('CreateRepoBuildRule', rule);
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], name);
    assert.match(body.Message ?? '', new RegExp(`"${name}`));
  }
  assert.equal((await repository.call('ListRepoBuildRule')).body.TotalCount, '0');
});

test('refuses platforms that this machine cannot build, and several, with the one that it can', async () => {
  await using repository = await startRepositoryUnderTest();
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };
  for (const second of ['linux/386', HOST_PLATFORM]) {
    const platforms = { 'Platforms.1': HOST_PLATFORM, 'Platforms.2': second };
    const { status, body } = await repository.call('CreateRepoBuildRule', { ...rule, ...platforms });
    assert.deepEqual([status, body.Code], [400, 'InvalidParameter']);
    assert.match(body.Message ?? '', new RegExp(`"Platforms".*${second}.*cannot be built here.*give ${HOST_PLATFORM}`));
  }
});
