import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, nearest } from './nearest.ts';

test('a mistyped word is near the words with the fewest changes, ignoring case, and far from words unlike it', () => {
  const names = ['build', 'builds', 'rebuild', 'logs', 'login'];
  assert.deepEqual(nearest('biuld', names), ['build']);
  assert.deepEqual(nearest('BULDS', names), ['builds']);
  assert.deepEqual(nearest('log', names), ['logs']);
  assert.deepEqual(nearest('logi', names), ['logs', 'login']);
  assert.deepEqual(nearest('xyzzy', names), []);
  assert.deepEqual(nearest('x', []), []);
  assert.equal(didYouMean('logi', names), ' (Did you mean logs or login?)');
  assert.equal(didYouMean('xyzzy', names), '');
});
