import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markOf } from './source-members.ts';

const SECOND = 1_700_000_000_000;
const FILE = { mode: 0o644, size: 5, mtimeMs: SECOND, ctimeMs: SECOND + 12.5, ino: 7 };

test('a file is taken as unchanged by its size, mode, inode and times, unless these cannot tell', () => {
  const mark = (changed: Partial<typeof FILE>, target = '') => markOf({ ...FILE, ...changed }, target, SECOND + 9000);
  assert.notEqual(mark({}), '');
  assert.equal(mark({}), mark({}));
  for (const changed of [{ mode: 0o755 }, { size: 6 }, { mtimeMs: SECOND + 1 }, { ctimeMs: SECOND + 13 }, { ino: 8 }])
    assert.notEqual(mark(changed), mark({}), JSON.stringify(changed));
  assert.notEqual(mark({}, 'elsewhere'), mark({}));
  // It changed just now, and may change again without another time.
  assert.equal(mark({ mtimeMs: SECOND + 9000 }), '');
  assert.equal(mark({ ctimeMs: SECOND + 9000 }), '');
  // The file system has no time of the inode of its own.
  assert.equal(mark({ ctimeMs: SECOND }), '');
  assert.notEqual(mark({ mtimeMs: SECOND + 0.25, ctimeMs: SECOND + 0.25 }), '');
});
