import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { linesWith, messagesAsLatin1 } from './messages.ts';

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

const FIRST_LINE = 98;

function stored(texts: readonly string[]): string[] {
  return texts.map((Message, at) => JSON.stringify({ LineNumber: FIRST_LINE + at, Message, BuildStage: 'a"b' }));
}

function sliceOf(texts: readonly string[]) {
  const text = Buffer.from(`${stored(texts).join('\n')}\n`);
  return { firstLine: FIRST_LINE, lineCount: texts.length, text };
}

test('the messages of lines come out unchanged, whatever they contain and whatever separates them', () => {
  fc.assert(
    fc.property(messages, (texts) => {
      const expected = texts.map((text) => `${text}\n`).join('');
      for (const lines of [sliceOf(texts).text, Buffer.from(stored(texts).join(','))]) {
        assert.equal(Buffer.from(messagesAsLatin1(lines.toString('latin1')), 'latin1').toString(), expected);
      }
    }),
    { numRuns: 500 },
  );
  assert.equal(messagesAsLatin1(''), '');
});

test('finds a text in exactly those messages that contain it, whatever both contain', () => {
  fc.assert(
    fc.property(messages, message, fc.nat(), fc.nat(), (texts, other, pick, cut) => {
      const chosen = texts[pick % texts.length] ?? '';
      const needle = (cut % 3 === 0 ? other : chosen.slice(0, 1 + (cut % 5))).replaceAll('\n', ' ');
      if (needle === '' || !needle.isWellFormed()) return;
      const expected = texts.flatMap((text, at) => (text.includes(needle) ? [FIRST_LINE + at] : []));
      assert.deepEqual(linesWith(sliceOf(texts), needle, 1000), expected);
      assert.deepEqual(linesWith(sliceOf(texts), needle, 1), expected.slice(0, 1));
    }),
    { numRuns: 1000 },
  );
});
