import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './counted.ts';

test('one thing is named in the singular, and every other count in the plural', () => {
  const texts = [0, 1, 2].map((count) => [counted(count, 'tag'), counted(count, 'repository', 'repositories')]);
  assert.deepEqual(texts, [
    ['0 tags', '0 repositories'],
    ['1 tag', '1 repository'],
    ['2 tags', '2 repositories'],
  ]);
});
