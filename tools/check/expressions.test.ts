import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionsOf } from '../expressions/list-expressions.ts';
import { linearMistake } from '../expressions/prove-linear.ts';

const PLANTED = `
const PART = '[a-z]+';
const LIMIT = 3;
export const found = /(a+)+$/.test(text) || text.match('b*c');
export const made = [new RegExp(\`^\${PART}{\${LIMIT}}$\`, 'i'), RegExp(PART), new RegExp(given)];
const View = () => <p className={/x/.test(text) ? 'x' : ''} />;
`;

test('finds every expression of a source: literal, made of constants, made by a method, and unknown', () => {
  const texts = expressionsOf('planted.tsx', PLANTED).map(({ text, line, pattern }) => [
    line,
    text,
    pattern !== undefined,
  ]);
  assert.deepEqual(texts, [
    [4, '/(a+)+$/', true],
    [6, '/x/', true],
    [4, '/b*c/', true],
    [5, '/^[a-z]+{3}$/i', true],
    [5, '/[a-z]+/', true],
    [5, 'new RegExp(given)', false],
  ]);
});

test('reports an expression that takes more than linear time, whether it backtracks within a match or starts again', () => {
  for (const [pattern, flags] of [
    ['^(a+)+$', ''],
    ['^(.+)@(.+)$', ''],
    ['/+$', ''],
    ['"([^\\n]*)":[^\\n]*;$', 'm'],
  ] as const)
    assert.match(linearMistake(pattern, flags) ?? 'linear', /backtracks/, pattern);
  for (const [pattern, flags] of [
    ['^[^@]+@[^@]+$', ''],
    ['[ab]+', 'g'],
    ['^STEP (\\d+)/(\\d+): (.*)$', 'v'],
  ] as const)
    assert.equal(linearMistake(pattern, flags), undefined, pattern);
  assert.match(linearMistake('^(?=.*a)b', '') ?? 'linear', /cannot be analysed/);
});
