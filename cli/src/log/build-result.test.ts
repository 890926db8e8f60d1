import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageOf } from './build-result.ts';

test('names an image by its digest if a newer build has its tag, and otherwise by its tag', () => {
  const build = { Repository: 'team/app', ImageTag: 'latest', ImageDigest: `sha256:${'a'.repeat(64)}` };
  assert.equal(imageOf('builds.example:8720', build), 'builds.example:8720/team/app:latest');
  assert.equal(
    imageOf('builds.example:8720', { ...build, SupersededBy: 'the newer build' }),
    `builds.example:8720/team/app@sha256:${'a'.repeat(64)}`,
  );
});
