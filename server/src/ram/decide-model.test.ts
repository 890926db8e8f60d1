import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { globCovers } from './glob.ts';
import { compareDecisions, matches } from './testing/decision-model.ts';

const RUNS = process.env.SLIPWAY_TEST_LONG === '1' ? 200_000 : 3_000;

test('decides random policies the same way as a naive evaluator', () => {
  const seen = compareDecisions(RUNS, randomInt(2 ** 31));
  assert.deepEqual([...seen.keys()].sort(), ['Allow', 'ExplicitDeny', 'ImplicitDeny']);
});

test('a pattern matches the same texts as the equivalent regular expression, without its backtracking', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((list) => list.join(''));
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((list) => list.join(''));
  fc.assert(fc.property(pattern, text, (one, other) => globCovers(one, other) === matches(one, other)));
  assert.equal(globCovers(`${'a*'.repeat(2000)}b`, 'a'.repeat(4000)), false);
});
