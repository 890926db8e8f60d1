import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPhrases } from './words.ts';

test('reports a phrase that is not used, with its line and a replacement, and accepts plain English', () => {
  const text =
    'It keeps at most 20.\nWhoever asks gets so many.\nA star is any name.\nThe limit stands in the table.\nA run is under way.\n * A rule stands\n * in the table.';
  assert.deepEqual(findPhrases(text), [
    '2: “so many”; write “at most 20”, “a number of”, or the limit itself',
    '4: “stands in”; write “is”',
    '5: “under way”; write “in progress”',
    '6: “stands in”; write “is”',
  ]);
});
