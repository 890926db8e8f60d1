import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { cutPage, scratch } from './cut-page.ts';

const lines = fc.array(
  fc.string({ unit: 'binary', maxLength: 40 }).map((line) => line.replaceAll('\n', '')),
  {
    minLength: 1,
    maxLength: 60,
  },
);

/**
 * The lines in stored form, both in memory of their own and in the shared memory of reads, where bytes of others
 * follow.
 */
function stored(texts: readonly string[]): Buffer[] {
  const text = Buffer.from(texts.map((line) => `${line}\n`).join(''));
  scratch.fill('\n');
  return [text, scratch.subarray(0, text.copy(scratch))];
}

test('a page has the requested lines, joined by commas, wherever the read text ends', () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(), (texts, skip, count) => {
      const skipLines = skip % texts.length;
      const lineCount = 1 + (count % (texts.length - skipLines));
      const expected = texts.slice(skipLines, skipLines + lineCount).join(',');
      for (const text of stored(texts)) assert.equal(cutPage(text, skipLines, lineCount).toString(), expected);
    }),
  );
});

test('refuses a page of more lines than there are, even if bytes of an earlier read follow', () => {
  fc.assert(
    fc.property(lines, fc.nat(), (texts, skip) => {
      const skipLines = skip % (texts.length + 2);
      const lineCount = Math.max(1, texts.length - skipLines + 1);
      for (const text of stored(texts)) assert.throws(() => cutPage(text, skipLines, lineCount), /fewer lines/);
    }),
  );
});

test('finds a line end at each position among sixteen bytes, and at the end of the memory', () => {
  for (let length = 0; length < 40; length += 1) {
    for (const text of stored(['x'.repeat(length), 'y'])) assert.equal(cutPage(text, 1, 1).toString(), 'y');
  }
  scratch.fill('x').write('\n', scratch.length - 1);
  assert.equal(cutPage(scratch, 0, 1).length, scratch.length - 1);
});
