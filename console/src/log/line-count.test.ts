import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineCountText } from './line-count.ts';

test('one line is a line, and more are lines, grouped by thousands', () => {
  assert.deepEqual([0, 1, 2, 12_345].map(lineCountText), ['0 lines', '1 line', '2 lines', '12,345 lines']);
});
