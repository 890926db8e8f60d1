import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRemoteRefs, REFS_LISTED } from './remote-refs.ts';

test('reads branches and tags from what git lists, each once, and says when it leaves some out', () => {
  const id = 'a'.repeat(40);
  const listed = ['refs/heads/main', 'refs/heads/feature/x', 'refs/tags/v1', 'refs/tags/v1^{}', 'refs/pull/1/head'];
  assert.deepEqual(parseRemoteRefs(listed.map((name) => `${id}\t${name}\n`).join('')), {
    branches: ['main', 'feature/x'],
    tags: ['v1'],
    isCut: false,
  });
  const many = Array.from({ length: REFS_LISTED + 1 }, (_, index) => `${id}\trefs/tags/v${index}`).join('\n');
  const { tags, isCut } = parseRemoteRefs(many);
  assert.deepEqual([tags.length, isCut], [REFS_LISTED, true]);
});
