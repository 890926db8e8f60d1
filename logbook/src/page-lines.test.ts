import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { linesWith, messagesOf } from './page-lines.ts';

const message = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '\x00',
      '\x1b',
      '\t',
      '\r',
      '\b',
      '\f',
      '"',
      '\\',
      'é',
      '😀',
      '\u2028',
      ',',
      '{',
      '}',
      'u',
      'n',
    ),
  }),
);
const messages = fc.array(
  message.map((text) => text.replaceAll('\n', ' ')),
  { minLength: 1, maxLength: 20 },
);

function pageOf(texts: readonly string[], firstLine = 98) {
  const lines = texts.map((Message, at) => JSON.stringify({ LineNumber: firstLine + at, Message, BuildStage: 'a"b' }));
  return { totalCount: 1000, firstLine, lineCount: texts.length, bytes: Buffer.from(lines.join(',')) };
}

test('the messages of a page come out as they went in, whatever they hold', () => {
  fc.assert(
    fc.property(messages, (texts) => {
      assert.equal(messagesOf(pageOf(texts)).toString(), texts.map((text) => `${text}\n`).join(''));
    }),
    { numRuns: 500 },
  );
  assert.equal(messagesOf({ totalCount: 0, firstLine: 1, lineCount: 0, bytes: Buffer.alloc(0) }).length, 0);
});

test('a text is found in exactly those messages that hold it, whatever both hold', () => {
  fc.assert(
    fc.property(messages, message, fc.nat(), fc.nat(), (texts, other, pick, cut) => {
      const chosen = texts[pick % texts.length] ?? '';
      const needle = (cut % 3 === 0 ? other : chosen.slice(0, 1 + (cut % 5))).replaceAll('\n', ' ');
      if (needle === '' || !needle.isWellFormed()) return;
      const expected = texts.flatMap((text, at) => (text.includes(needle) ? [98 + at] : []));
      assert.deepEqual(linesWith(pageOf(texts), needle, 1000), expected);
      assert.deepEqual(linesWith(pageOf(texts), needle, 1), expected.slice(0, 1));
    }),
    { numRuns: 1000 },
  );
});
