import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesFrame } from './stream-frames.ts';

test('a frame that waits for a follower keeps only its own bytes in memory', () => {
  const line = { lineNumber: 7, message: 'é'.repeat(100), stage: 'GIT_CLONE', step: 0, attempt: 1, continued: false };
  const frame = linesFrame([{ ...line, timeMs: 0 }], 7);
  assert.equal(frame.buffer.byteLength, frame.length);
  assert.match(frame.toString(), /^id: 7\ndata: \[\{"LineNumber":7,"Message":"é{100}",.*\}\]\n\n$/);
});
