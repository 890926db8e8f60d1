import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLineRange, parseLineRange } from './line-range.ts';

test('line addresses parse exactly as they are written, and nothing else does', () => {
  for (const text of ['L1', 'L120-L140'])
    assert.equal(formatLineRange(parseLineRange(text) ?? { first: 0, last: 0 }), text);
  assert.deepEqual(parseLineRange('#L9-3'), { first: 3, last: 9 });
  for (const text of ['', 'L0', 'L', 'L1-', 'x', 'L1-L2-L3', 'L99999999999999999']) {
    assert.equal(parseLineRange(text), undefined, text);
  }
});
