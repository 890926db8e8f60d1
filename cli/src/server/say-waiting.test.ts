import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitSentence } from './say-waiting.ts';

test('a waiting build says its position, why it waits, and how long it may take', () => {
  assert.equal(
    waitSentence({ QueuePosition: 2, WaitReason: 'the server is paused', ExpectedDuration: 1200 }),
    'the build is waiting in the queue, with at most 1 build ahead of it: the server is paused; the last good builds took 2 s',
  );
  assert.equal(waitSentence({ QueuePosition: 1 }), 'the build is waiting in the queue, with no build ahead of it');
});
