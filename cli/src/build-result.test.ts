import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageOf } from './build-result.ts';

test('an image whose tag a newer build has is named by its digest, and any other by its tag', () => {
  const build = { Repository: 'team/app', ImageTag: 'latest', ImageDigest: `sha256:${'a'.repeat(64)}` };
  assert.equal(imageOf('builds.example:8720', build), 'builds.example:8720/team/app:latest');
  assert.equal(
    imageOf('builds.example:8720', { ...build, SupersededBy: 'the newer build' }),
    `builds.example:8720/team/app@sha256:${'a'.repeat(64)}`,
  );
});
