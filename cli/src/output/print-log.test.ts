import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line } from '@slipway/client/native.gen.ts';
import { jsonText, LineFormatter, type LineStyle } from './print-log.ts';

const HOSTILE = 'a\x1b]0;title\x07\x9b2J\x7fz\x1b[31mred';
const LINE: Line = {
  LineNumber: 1,
  Message: HOSTILE,
  BuildStage: 'GIT_CLONE',
  Step: 0,
  Attempt: 1,
  Continued: false,
};

function formatAll(style: LineStyle, ...lines: Partial<Line>[]): string[] {
  const formatter = new LineFormatter(style);
  return lines.map((line, at) => formatter.format({ ...LINE, LineNumber: at + 1, ...line }));
}

test('prints JSON on a terminal without control characters, and equal to JSON elsewhere', () => {
  for (const text of [...formatAll({ terminal: true, form: 'json' }, {}), jsonText([LINE], true, 2)]) {
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    assert.deepEqual([JSON.parse(text)].flat(), [LINE]);
  }
  assert.deepEqual(formatAll({ terminal: false, form: 'json' }, {}), [JSON.stringify(LINE)]);
});

test('keeps the colours of a line on a terminal, and shows every other control character as text', () => {
  const text = 'a^[]0;title^G\\x9b2J\\x7fz\x1b[31mred\x1b[0m';
  assert.deepEqual(formatAll({ terminal: true, form: 'raw' }, {}), [text]);
  assert.deepEqual(formatAll({ terminal: false, form: 'raw' }, {}), [HOSTILE]);
});

test('continues a colour after the grey number and stage of the next line, until its step ends or lines are left out', () => {
  const [red, on] = ['\x1b[31mred\x1b[0m', '\x1b[31mx\x1b[0m'];
  const lines = [
    { Message: '\x1b[31mred' },
    { Message: 'x' },
    { Message: 'x', Step: 2 },
    { Message: '\x1b[31mred', Step: 2 },
    { Message: 'x', Step: 2, LineNumber: 9 },
  ];
  assert.deepEqual(formatAll({ terminal: true, form: 'raw' }, ...lines), [red, on, 'x', red, 'x']);
  assert.equal(formatAll({ terminal: true }, ...lines)[1], `\x1b[2m     2  ${'GIT_CLONE'.padEnd(18)}\x1b[0m  ${on}`);
});
