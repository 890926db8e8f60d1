import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Build, Hit, Line } from '@slipway/client/native.gen.ts';
import { NOTHING_FOUND, shownLines, withPart } from './search-logs.ts';

test('the hits of a build that come in several parts are one group, and the counts add up', () => {
  const part = { RequestId: '', DamagedBuilds: [], ScannedBytes: 1 };
  const first = withPart(NOTHING_FOUND, {
    ...part,
    Hits: [hit(1)],
    Builds: [BUILD],
    SearchedBuilds: 3,
    SearchedBackTo: 9,
    Cursor: '1:2',
  });
  const all = withPart(first, { ...part, Hits: [hit(5)], Builds: [BUILD], SearchedBuilds: 2, DamagedBuilds: ['x'] });
  assert.deepEqual(
    all.builds.map(({ hits }) => hits.map(({ Line }) => Line.LineNumber)),
    [[1, 5]],
  );
  assert.deepEqual(
    [all.hitCount, all.searchedCount, all.backToMs, all.cursor, all.damagedIds],
    [2, 5, 9, undefined, ['x']],
  );
});

test('lines around several hits are shown once, and gaps between them are marked', () => {
  const lines = shownLines([hit(3, [2], [4, 5]), hit(5, [3, 4], [6]), hit(20)]);
  assert.deepEqual(
    lines.map(({ line, isHit, afterGap }) => `${afterGap ? '… ' : ''}${line.LineNumber}${isHit ? ':' : ''}`),
    ['2', '3:', '4', '5:', '6', '… 20:'],
  );
});

const BUILD = { BuildRecordId: 'b' } as Build;

function hit(number: number, before: number[] = [], after: number[] = []): Hit {
  const line = (LineNumber: number) => ({ LineNumber, Message: '' }) as Line;
  return { BuildRecordId: 'b', Line: line(number), Before: before.map(line), After: after.map(line) };
}
