import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { requiredTexts } from './required-texts.ts';

test('reads what an expression requires from its outermost level, and nothing from unknown syntax', () => {
  for (const [expression, expected] of [
    ['panic: .*goroutine \\d+', ['goroutine ']],
    ['error|warning', ['error', 'warning']],
    ['^\\[ERROR\\] (foo|bar){2,}$', ['[ERROR] ']],
    ['say "(?:hello)"', ['say "']],
    ['port [0-9)\\]]{2,5}/tcp', ['port ']],
    ['\\bfailed\\b', ['failed']],
    ['exit code: \\d{1,3}', ['exit code: ']],
    ['abcx+', ['abc']],
    ['abcx+*', ['abc']],
    ['abcx{0}y', ['abc']],
    ['abcä?def', ['abc']],
    ['abc\\.?d', ['abc']],
    ['error|[a-z]+', undefined],
    ['error|', undefined],
    ['(?i)error', undefined],
    ['(?i:error)', undefined],
    ['error(?x) a b', undefined],
    ['err[[:alpha:]]r and more', undefined],
    ['abc\\b{start}def', undefined],
    ['\\x41bcdef', undefined],
    ['ab', undefined],
    ['(error)', undefined],
    ['error)', undefined],
    ['error(', undefined],
    ['error[', undefined],
    ['error\\', undefined],
    ['', undefined],
  ] as const) {
    assert.deepEqual(requiredTexts(expression), expected, expression);
  }
});

test('everything that an expression matches contains one of its required texts', () => {
  const piece = fc.constantFrom(
    'abc',
    'ab',
    'c',
    '\\.',
    '[abc]',
    '(a|b)',
    '(?:abc)',
    '\\w',
    '.',
    '|',
    '^',
    '\\b',
    '[^a)]',
    '(a(b)c)',
  );
  const expression = fc
    .array(fc.tuple(piece, fc.constantFrom('', '', '', '?', '*', '+', '{0,2}', '{2}', '+?', '??')), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.map(([text, quantifier]) => (/^[|^]$|^\\b$/.test(text) ? text : text + quantifier)).join(''));
  const text = fc
    .array(fc.constantFrom('abc', 'ab', 'a', 'b', 'c', '.'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  let held = 0;
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 20, maxLength: 20 }), (source, texts) => {
      const required = requiredTexts(source);
      if (required === undefined) return;
      const matcher = new RegExp(source);
      for (const one of texts.filter((candidate) => matcher.test(candidate))) {
        held += 1;
        assert.ok(
          required.some((needed) => one.includes(needed)),
          `${source} matches ${JSON.stringify(one)}`,
        );
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(held > 50, `${held} matches were looked at`);
});
