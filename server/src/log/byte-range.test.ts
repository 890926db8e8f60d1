import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRange } from './byte-range.ts';

test('parses a single byte range, ignores what the RFC allows to ignore, and reports unsatisfiable ranges', () => {
  const cases: [header: string | undefined, expected: ReturnType<typeof parseRange>][] = [
    ['bytes=0-0', [0, 1]],
    ['bytes=10-', [10, 100]],
    ['bytes=10-19', [10, 20]],
    ['bytes=90-1000', [90, 100]],
    ['bytes=-5', [95, 100]],
    ['bytes=-500', [0, 100]],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=0-1', undefined],
    [undefined, undefined],
  ];
  for (const [header, expected] of cases) assert.deepEqual(parseRange(header, 100), expected, header);
  assert.equal(parseRange('bytes=0-', 0), 'unsatisfiable');
});
