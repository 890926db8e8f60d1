import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeTokens } from './code-tokens.ts';

test('code is split into keywords, strings, numbers and comments by the rules of its language', () => {
  const told = (code: string, language: string) =>
    codeTokens(code, language)
      .filter(({ kind }) => kind !== 'plain')
      .map(({ kind, text }) => `${kind} ${text.trim()}`);
  assert.deepEqual(told('const a = "b // c"; // 5', 'TypeScript'), [
    'keyword const',
    'string "b // c"',
    'comment // 5',
  ]);
  assert.deepEqual(told("import x # y 'z'\na = 1.5", 'Python'), ['keyword import', "comment # y 'z'", 'number 1.5']);
  assert.deepEqual(told('curl https://a.example/#b', 'curl'), []);
  assert.deepEqual(told('"a \\" b" 7', 'Go'), ['string "a \\" b"', 'number 7']);
});

test('the tokens are the code, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('Python', 'Go'), (code, language) => {
      const tokens = codeTokens(code, language);
      assert.equal(tokens.map(({ text }) => text).join(''), code);
    }),
  );
});
