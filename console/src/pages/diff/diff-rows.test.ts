import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiffRows, type DiffSideLines, diffRows } from './diff-rows.ts';

const side = (from: number, lines: string[], last = from + lines.length - 1): DiffSideLines => ({ from, last, lines });
const shown = ({ count, at }: DiffRows) =>
  Array.from({ length: count }, (_, index) => {
    const { build = '-', other = '-', kind } = at(index);
    return `${build}/${other} ${kind}`;
  });

test('lines that say the same are beside each other, whatever was added before them and however long it took', () => {
  const build = side(10, ['compiling', 'warning: x', 'took 12 s', 'error: y']);
  const other = side(5, ['compiling', 'took 3.5 s', 'done']);
  assert.deepEqual(shown(diffRows(build, other, false)), ['10/5 same', '11/- changed', '12/6 same', '13/7 changed']);
  assert.deepEqual(shown(diffRows(build, other, true)), [
    '10/5 same',
    '11/- changed',
    '12/6 same',
    '-/7 changed',
    '13/- changed',
  ]);
});

test('in one column, every line of both logs is there once, and differing lines are in groups', () => {
  const rows = diffRows(side(1, ['a', 'b', 'c'], 130), side(1, ['x', 'y', 'c'], 90), true);
  const lines = Array.from({ length: rows.count }, (_, index) => rows.at(index));
  assert.deepEqual(shown(rows).slice(0, 5), ['-/1 changed', '-/2 changed', '1/- changed', '2/- changed', '3/3 same']);
  for (const [name, last] of [
    ['build', 130],
    ['other', 90],
  ] as const)
    assert.deepEqual(
      lines.flatMap((row) => row[name] ?? []),
      Array.from({ length: last }, (_, index) => index + 1),
    );
});

test('behind the aligned lines, rows are made when they are needed, for logs of any length', () => {
  const build = side(1, ['a'], 10_000_000);
  const other = side(1, ['b'], 3);
  const rows = diffRows(build, other, false);
  assert.equal(rows.count, 10_000_000);
  assert.deepEqual(rows.at(2), { build: 3, other: 3, kind: 'unknown' });
  assert.deepEqual(rows.at(9_999_999), { build: 10_000_000, other: undefined, kind: 'unknown' });
  const unified = diffRows(build, other, true);
  assert.equal(unified.count, 10_000_003);
  assert.deepEqual(
    [2, 3, 4, 5, 6].map((at) => [unified.at(at).build, unified.at(at).other]),
    [
      [undefined, 2],
      [undefined, 3],
      [2, undefined],
      [3, undefined],
      [4, undefined],
    ],
  );
  assert.equal(unified.at(10_000_002).build, 10_000_000);
});

test('a log that has ended where they part has an empty side', () => {
  assert.deepEqual(shown(diffRows(side(4, ['x']), side(9, [], 8), false)), ['4/- changed']);
});
