import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLine, jsonText } from './print-log.ts';

const HOSTILE = 'a\x1b]0;title\x07\x9b2J\x7fz\x1b[31mred';
const LINE = { LineNumber: 1, Message: HOSTILE, BuildStage: 'GIT_CLONE', Step: 0, Attempt: 1, Continued: false };

test('JSON on a terminal carries no control character, and says the same as off a terminal', () => {
  for (const text of [formatLine(LINE, { terminal: true, form: 'json' }), jsonText([LINE], true, 2)]) {
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    assert.deepEqual([JSON.parse(text)].flat(), [LINE]);
  }
  assert.equal(formatLine(LINE, { terminal: false, form: 'json' }), JSON.stringify(LINE));
});

test('a line on a terminal keeps its colours and shows every other control character as a text', () => {
  const text = formatLine(LINE, { terminal: true, form: 'raw' });
  assert.equal(text, 'a^[]0;title^G\\x9b2J\\x7fz\x1b[31mred\x1b[0m');
  assert.equal(formatLine(LINE, { terminal: false, form: 'raw' }), HOSTILE);
});
