import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSyncPath, writeSyncPath } from './sync-path.ts';

test('a path of repositories is read as it was written, and anything else is ignored', () => {
  const path = ['cri-1/team/app', 'cri-2/up.stream/a_b'];
  assert.deepEqual(readSyncPath(writeSyncPath(path)), path);
  const long = Array.from({ length: 40 }, (_, index) => `cri-${index}/team/app`);
  assert.deepEqual(readSyncPath(writeSyncPath(long)), long.slice(-32));
  for (const header of [undefined, '', 'cri-1', 'cri-1/team', 'a/b/c,,', 'a/b/c d', ['a/b/c'], long.join(',')])
    assert.equal(readSyncPath(header), undefined, String(header));
});
