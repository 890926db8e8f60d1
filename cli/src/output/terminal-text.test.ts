import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TerminalLines, terminalJson, terminalText } from './terminal-text.ts';

const ESC = '\x1b';
const BIDI_AND_CONTROLS =
  /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

test('passes colours on, and shows everything else that would control a terminal without effect', () => {
  for (const [text, shown] of [
    [`${ESC}[31mred${ESC}[0m plain`, `${ESC}[31mred${ESC}[0m plain`],
    [`${ESC}[1;38;5;9mred`, `${ESC}[1;38;5;9mred${ESC}[0m`],
    [`${ESC}[38:2::1:2:3mred${ESC}[m`, `${ESC}[38:2::1:2:3mred${ESC}[m`],
    [`${ESC}]52;c;ZXZpbA==\x07`, '^[]52;c;ZXZpbA==^G'],
    [`${ESC}]0;no end`, '^[]0;no end'],
    [`${ESC}[2A${ESC}[2J${ESC}[?1049h`, '^[[2A^[[2J^[[?1049h'],
    [`${ESC}[${'1;'.repeat(40)}m`, `^[[${'1;'.repeat(40)}m`],
    [`${ESC}[?25m${ESC}[31`, '^[[?25m^[[31'],
    [`${ESC}c${ESC}P1${ESC}\\`, '^[c^[P1^[\\'],
    ['a\x9b31mb\x9d0;x\x9c\x7f\x00', 'a\\x9b31mb\\x9d0;x\\x9c\\x7f^@'],
    ['exe.\u202egnp\u2066 \u200b', 'exe.\\u202egnp\\u2066 \\u200b'],
    ['tab\tis é 漢 👩‍💻', 'tab\tis é 漢 👩‍💻'],
    ['a\rb', 'a^Mb'],
    [`one ${ESC}[31mred\ntwo`, `one ${ESC}[31mred${ESC}[0m\ntwo`],
    [`${ESC}[31;8;5mhidden`, `${ESC}[0m${ESC}[31mhidden${ESC}[0m`],
    [`${ESC}[8mhidden`, `${ESC}[0mhidden`],
  ] as const)
    assert.equal(terminalText(text), shown, JSON.stringify(text));
});

test('continues a colour over line ends, after the prefix of each line, until it ends', () => {
  const lines = new TerminalLines();
  assert.equal(lines.line(`a ${ESC}[31;1mred`), `a ${ESC}[31;1mred${ESC}[0m`);
  assert.equal(lines.line('still'), `${ESC}[31;1mstill${ESC}[0m`);
  assert.equal(lines.line(`no ${ESC}[22mweight`), `${ESC}[31;1mno ${ESC}[22mweight${ESC}[0m`);
  assert.equal(lines.line(`end ${ESC}[0mof it`), `${ESC}[31mend ${ESC}[0mof it`);
  assert.equal(lines.line('plain'), 'plain');
  lines.line(`${ESC}[42mgreen`);
  lines.reset();
  assert.equal(lines.line('plain'), 'plain');
});

test('shows the last state of a line that rewrote itself', () => {
  const lines = new TerminalLines();
  assert.equal(lines.line('0%\r50%\r100% done\r'), '100% done');
  assert.equal(lines.line(`${ESC}[32m10%\r${ESC}[K100%${ESC}[0m`), `${ESC}[32m100%${ESC}[0m`);
  assert.equal(lines.line(`${ESC}[01m${ESC}[Kfoo.c:1:${ESC}[m${ESC}[K`), `${ESC}[01mfoo.c:1:${ESC}[m`);
  assert.equal(lines.line('\r\r'), '');
});

test('property: what is shown has no control characters except colours, does not change when shown again, and JSON stays equal', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(ESC, `${ESC}[`, `${ESC}]52;`, '\r', '31m', '38;5;', '0m', ';', ':', '\n', '\x9b', '\u202e', 'K'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const text = parts.join('');
      const lines = new TerminalLines();
      for (const shown of [terminalText(text), ...text.split('\n').map((line) => lines.line(line))]) {
        assert.doesNotMatch(shown.replace(/\x1b\[[\d;:]{0,400}m/g, ''), /\x1b/);
        assert.doesNotMatch(shown, BIDI_AND_CONTROLS);
        assert.equal(terminalText(shown), shown);
      }
      const json = JSON.stringify({ text }, null, 2);
      assert.doesNotMatch(terminalJson(json), BIDI_AND_CONTROLS);
      assert.deepEqual(JSON.parse(terminalJson(json)), { text });
    }),
    { numRuns: 500 },
  );
});

test('handles a line made to be slow in linear time', () => {
  // In quadratic time, these would take minutes.
  for (const text of [
    '\r'.repeat(1_000_000),
    `${ESC}[`.repeat(500_000),
    `${ESC}[1`.repeat(300_000),
    `${ESC}[1;31m`.repeat(100_000),
  ])
    assert.ok(new TerminalLines().line(text).length < 6_000_000);
});
