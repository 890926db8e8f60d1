import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fastFolder, logOf, openLogbook } from '../testing/logbook.ts';
import { piecesOf, Slices } from './text-slice.ts';

const LINES = 6000;

test('slices return every line from a given one, once and in order, in running and sealed logs', async (t) => {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  const writer = await logbook.create('log');
  for (let line = 1; line <= LINES; line += 1) await writer.write(Buffer.from(`${line} ${'x'.repeat(line % 300)}\n`));
  await writer.write(Buffer.from(`${'y'.repeat(200_000)}\n`));
  await writer.committed();
  const log = await logOf(logbook, 'log');
  const { lineCount } = await log.reach();
  assert.ok(lineCount > LINES);
  for (const isSealed of [false, true]) {
    if (isSealed) await writer.seal({ verdict: 'complete' });
    for (const fromLine of [1, 2, 63, 64, 65, 129, 5999, LINES + 1, lineCount, lineCount + 1, lineCount + 9]) {
      const slices = new Slices((line) => log.textFrom(line), fromLine);
      const numbers: number[] = [];
      for (let slice = await slices.next(); slice.lineCount > 0; slice = await slices.next()) {
        const pieces = [...piecesOf(slice)];
        assert.deepEqual(Buffer.concat(pieces), slice.text);
        const lines = pieces.flatMap((piece) => piece.toString().split('\n').slice(0, -1));
        assert.equal(lines.length, slice.lineCount);
        numbers.push(...lines.map((line) => JSON.parse(line).LineNumber as number));
      }
      const wanted = Array.from({ length: Math.max(0, lineCount - fromLine + 1) }, (_, at) => fromLine + at);
      assert.deepEqual(numbers, wanted, `from line ${fromLine}${isSealed ? ', sealed' : ''}`);
    }
  }
});

test('pieces are whole lines, and small unless a single line is large', () => {
  const text = Buffer.from(['a'.repeat(50_000), 'b'.repeat(50_000), 'c'.repeat(150_000), 'd', ''].join('\n'));
  const pieces = [...piecesOf({ text })].map((piece) => piece.toString());
  assert.deepEqual(
    pieces.map((piece) => [piece[0], piece.length, piece.at(-1)]),
    [
      ['a', 50_001, '\n'],
      ['b', 50_001, '\n'],
      ['c', 150_001, '\n'],
      ['d', 2, '\n'],
    ],
  );
});
