import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPattern, startOf } from './rule-words.ts';

test('a rule is told in words: a branch or a tag, by its name or by a pattern', () => {
  for (const [PushType, PushName, words] of [
    ['GIT_BRANCH', 'main', 'Every push to the branch'],
    ['GIT_BRANCH', 'release-$version', 'Every push to a branch that matches'],
    ['GIT_TAG', 'v1.0+2', 'Every push of the Git tag'],
    ['GIT_TAG', 'v(?<n>\\d+)', 'Every Git tag that matches'],
  ] as const)
    assert.equal(startOf({ PushType, PushName }), words);
  assert.equal(isPattern({ PushName: 'feature/x' }), false);
});
