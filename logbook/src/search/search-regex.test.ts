import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopAfter } from './search-regex.ts';

test('a program that has ended, but whose end was not read yet, is not stopped as slow', {
  skip: process.platform !== 'linux' && 'only Linux tells that a program has no processor time any more',
}, async () => {
  const reasons: string[] = [];
  let looks = 0;
  const hasEnded = () => {
    looks += 1;
    return looks > 3;
  };
  const ended = { hasEnded, processorMs: () => undefined };
  const forget = stopAfter(ended, 1, (why) => reasons.push(why));
  while (looks <= 3 && reasons.length === 0) await new Promise(setImmediate);
  forget();
  assert.deepEqual(reasons, []);
});

test('a program that used its processor time is stopped as slow', async () => {
  const running = { hasEnded: () => false, processorMs: () => 1 };
  assert.equal(await new Promise((resolve) => stopAfter(running, 1, resolve)), 'slow');
});
