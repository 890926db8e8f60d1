import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Section } from '../api/build.ts';
import { foldsOf, RowMap } from './folds.ts';

function section(stage: string, Step: number, FirstLine: number, LineCount: number): Section {
  return { BuildStage: stage as Section['BuildStage'], Step, Attempt: 1, FirstLine, LineCount };
}

const SECTIONS = [
  section('GIT_CLONE', 0, 1, 4),
  section('DOCKER_IMAGE_BUILD', 0, 5, 2),
  section('DOCKER_IMAGE_BUILD', 1, 7, 1),
  section('DOCKER_IMAGE_BUILD', 2, 8, 3),
  section('DOCKER_IMAGE_PUSH', 0, 11, 2),
];

test('a stage folds with its steps, a step folds alone, and a section of one line does not fold', () => {
  assert.deepEqual(
    foldsOf(SECTIONS, 20).map(({ label, firstLine, lastLine }) => [label, firstLine, lastLine]),
    [
      ['Fetch', 1, 4],
      ['Build', 5, 10],
      ['step 2', 8, 10],
      ['Push', 11, 20],
    ],
  );
});

test('a step that ran beside others folds with all its lines', () => {
  const heads = [section('DOCKER_IMAGE_BUILD', 0, 1, 1), section('DOCKER_IMAGE_BUILD', 1, 2, 2)];
  const mixed = [2, 1, 2].map((step, at) => section('DOCKER_IMAGE_BUILD', step, 4 + 2 * at, 2));
  const folds = foldsOf([...heads, ...mixed], 9);
  assert.deepEqual(
    folds.map(({ label, hides }) => [label, hides.map(({ first, last }) => [first, last])]),
    [
      ['Build', [[2, 9]]],
      [
        'step 1',
        [
          [3, 3],
          [6, 7],
        ],
      ],
      [
        'step 2',
        [
          [5, 5],
          [8, 9],
        ],
      ],
    ],
  );
  const map = new RowMap(9, folds, new Set([2]));
  assert.deepEqual(
    Array.from({ length: map.rowCount }, (_, row) => map.lineAt(row)),
    [1, 2, 4, 5, 8, 9],
  );
  assert.equal(map.rowOf(7), 3, 'a hidden line is at the row above it');
});

test('a closed fold keeps its first line, and every other line keeps its number', () => {
  const map = new RowMap(20, foldsOf(SECTIONS, 20), new Set([5, 8]));
  assert.equal(map.rowCount, 15);
  assert.deepEqual(
    Array.from({ length: 8 }, (_, row) => map.lineAt(row)),
    [1, 2, 3, 4, 5, 11, 12, 13],
  );
  assert.equal(map.rowOf(9), 4);
  assert.ok(map.hides(9) && !map.hides(5) && !map.hides(11));
});

test('rows map to lines and back, whichever sections are folded', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.array(fc.nat(11)), (counts, picks) => {
      let first = 1;
      const sections = counts.map((count, index) => {
        const made = section(index % 3 === 0 ? `S${index}` : `S${index - (index % 3)}`, index % 3, first, count);
        first += count;
        return made;
      });
      const folds = foldsOf(sections, first - 1);
      const closed = new Set(picks.flatMap((pick) => folds[pick]?.firstLine ?? []));
      const map = new RowMap(first - 1, folds, closed);
      let before = 0;
      for (let row = 0; row < map.rowCount; row++) {
        const line = map.lineAt(row);
        assert.ok(line > before && !map.hides(line));
        assert.equal(map.rowOf(line), row);
        before = line;
      }
    }),
  );
});
