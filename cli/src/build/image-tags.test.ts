import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTags } from './image-tags.ts';

test('reads several names of one repository as one image with further tags, and refuses a name of another', () => {
  assert.deepEqual(readTags([], 'local/app'), { image: 'local/app', more: [] });
  assert.deepEqual(readTags(['team/app:1.2', 'team/app', 'team/app:1.2', 'team/app:1'], 'local/app'), {
    image: 'team/app:1.2',
    more: ['latest', '1'],
  });
  assert.deepEqual(readTags(['127.0.0.1:8720/team/app:1', '127.0.0.1:8720/team/app:2'], 'x').more, ['2']);
  assert.throws(
    () => readTags(['team/app:1', 'team/other:1'], 'x'),
    /of one repository, but "team\/other:1" is not of team\/app/,
  );
  assert.throws(() => readTags(['team/app:1', 'team/app:a b'], 'x'), /"a b" is not a tag/);
});
