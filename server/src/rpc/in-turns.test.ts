import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns } from './in-turns.ts';

test('gives all items in order', async () => {
  const given: string[] = [];
  for await (const item of inTurns(['a', 'b', 'c'])) given.push(item);
  assert.deepEqual(given, ['a', 'b', 'c']);
});

test('lets others work before a long list ends', async () => {
  let hasWorked = false;
  setImmediate(() => {
    hasWorked = true;
  });
  for await (const _ of inTurns(new Array(10_000_000).keys())) {
    if (hasWorked) break;
  }
  assert.ok(hasWorked);
});
