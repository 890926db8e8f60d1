import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPhrases } from './check-words.ts';

test('a phrase that is not used is found with its line and what to write instead, and plain English is not', () => {
  const text =
    'It keeps at most 20.\nWhoever asks gets so many.\nA star stands for any name.\nThe limit stands in the table.';
  assert.deepEqual(findPhrases(text), [
    '2: “so many”; write “at most 20”, “a number of”, or the limit itself',
    '4: “stands in”; write “is”',
  ]);
});
