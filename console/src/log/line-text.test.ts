import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutPieces, lineText, plainText, rewriteCount } from './line-text.ts';

const ESC = '\u001b';
const LAST = { wholeProgress: false };
const WHOLE = { wholeProgress: true };
const CLASS = /^([cb]\d{1,2}|bold|dim|italic|under|inverse|strike|control|found)$/;

test('colours and weights add nothing to the text', () => {
  const pieces = lineText(
    `a${ESC}[1;31mred${ESC}[22m${ESC}[39mplain${ESC}[38;5;2m${ESC}[48;2;255;0;0mtwo${ESC}[0mz`,
    LAST,
  );
  assert.deepEqual(pieces, [
    { text: 'a', classes: [] },
    { text: 'red', classes: ['bold', 'c1'] },
    { text: 'plain', classes: [] },
    { text: 'two', classes: ['c2', 'b9'] },
    { text: 'z', classes: [] },
  ]);
});

test('other escape sequences are removed, and unterminated ones hide nothing', () => {
  for (const [message, shown] of [
    [`a${ESC}[2Kb${ESC}[1;1Hc`, 'abc'],
    [`${ESC}]0;title\u0007a${ESC}]52;c;cm0gLXJm${ESC}\\b`, 'ab'],
    [`${ESC}]8;;javascript:alert(1)${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    [`${ESC}(Ba${ESC}=b${ESC}Pq#0${ESC}\\c`, 'abc'],
    [`a${ESC}]8;;no end`, 'a␛]8;;no end'],
    [`a${ESC}[31`, 'a␛[31'],
    [`a${ESC}`, 'a␛'],
  ] as const) {
    assert.equal(plainText(message), shown);
  }
});

test('control characters and characters that reorder or hide text are shown', () => {
  assert.equal(plainText('a\u0000b\u0007c\u007f\tx'), 'a␀b␇c␡\tx');
  assert.equal(plainText('x\u202egnp.exe\u2066\u200b\u009b31m'), 'x[U+202E]gnp.exe[U+2066][U+200B][U+009B]31m');
});

test('a line that rewrote itself shows its last state, or every state', () => {
  const message = `${ESC}[32m 10%\r 50%\r100% done\r`;
  assert.deepEqual(lineText(message, LAST), [{ text: '100% done', classes: ['c2'] }]);
  assert.equal(rewriteCount(message), 2);
  assert.equal(plainText(message, true), ' 10%␍ 50%␍100% done␍');
});

test('only http and https addresses that lead to the host they show become links', () => {
  const links = (text: string) => lineText(text, LAST).flatMap((piece) => piece.href ?? []);
  assert.deepEqual(links('see https://example.com/a?b=1#c, and http://x.org.'), [
    'https://example.com/a?b=1#c',
    'http://x.org/',
  ]);
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'https://bank.example@evil.example/',
    'https://ex\u200bample.com',
    'https://еxample.com',
    'ftp://x.org',
  ]) {
    assert.deepEqual(
      links(text).filter((href) => !href.startsWith('https://ex/')),
      [],
      text,
    );
  }
});

test('the search text is marked, ignoring case', () => {
  const pieces = lineText('An ERROR (error.)', { ...LAST, find: 'error' });
  assert.deepEqual(
    pieces.filter((piece) => piece.classes.includes('found')).map((piece) => piece.text),
    ['ERROR', 'error'],
  );
});

test('any text becomes only texts, known class names and web addresses, without control characters', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ESC,
      `${ESC}[`,
      `${ESC}]8;;`,
      '\r',
      '31m',
      '38;5;',
      '38;2;',
      ';',
      'https://',
      '<img onerror=x>',
      '\u009b',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), fc.boolean(), (parts, wholeProgress) => {
      for (const piece of lineText(parts.join(''), { wholeProgress, find: 'a' })) {
        assert.ok(piece.classes.every((name) => CLASS.test(name)));
        assert.ok(piece.href === undefined || /^https?:\/\//.test(piece.href));
        assert.doesNotMatch(piece.text, /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
    }),
  );
});

test('a line crafted to be slow takes linear time, and no more elements than any other line', () => {
  // Without linear time this would take minutes.
  for (const message of [
    `${'\r'.repeat(16_000)}x`,
    `https://a${'.'.repeat(16_000)}x`,
    `${ESC}]`.repeat(8000),
    `${ESC}[1`.repeat(5000),
  ]) {
    for (let i = 0; i < 20; i++) assert.ok(lineText(message, WHOLE).length <= 501);
  }
});

test('a line that is cut says how many characters it has left, and keeps the looks of the others', () => {
  const pieces = lineText(`plain${ESC}[31mred and more`, LAST);
  assert.deepEqual(cutPieces(pieces, 8), {
    pieces: [
      { text: 'plain', classes: [] },
      { text: 'red', classes: ['c1'] },
    ],
    cutChars: 9,
  });
  assert.equal(cutPieces(pieces, 17).cutChars, 0);
});
