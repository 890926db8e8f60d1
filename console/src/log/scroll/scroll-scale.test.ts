import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  anchorOf,
  contentHeightPx,
  isTrueToScale,
  lastTopRow,
  scrollPxFor,
  topRowAt,
  topRowKept,
  topRowShowing,
  type View,
} from './scroll-scale.ts';

const SMALL: View = { rowCount: 1000, rowHeightPx: 20, heightPx: 500 };
const HUGE: View = { rowCount: 10_000_000, rowHeightPx: 20, heightPx: 500 };

test('a log that fits scrolls pixel by pixel', () => {
  assert.ok(isTrueToScale(SMALL));
  assert.equal(contentHeightPx(SMALL), 20_000);
  for (const scrollPx of [0, 1, 333, 19_500]) {
    const top = topRowAt(scrollPx, SMALL);
    assert.ok(Math.abs(top * 20 - scrollPx) < 1e-6);
    const { row, yPx } = anchorOf(top, SMALL);
    assert.ok(Math.abs(row * 20 - yPx - scrollPx) < 1e-6);
  }
});

test('a log of ten million lines stays within the height browsers can scroll, and both ends are reachable', () => {
  assert.ok(!isTrueToScale(HUGE));
  assert.ok(contentHeightPx(HUGE) <= 8_000_000);
  assert.equal(topRowAt(0, HUGE), 0);
  assert.equal(topRowAt(contentHeightPx(HUGE) - 500, HUGE), 9_999_975);
  assert.deepEqual(anchorOf(lastTopRow(HUGE), HUGE), { row: 10_000_000, yPx: 500 });
  assert.ok(Math.abs(topRowAt(scrollPxFor(5_000_000, HUGE), HUGE) - 5_000_000) < 1);
});

test('a log shorter than the view stays at its top', () => {
  const short: View = { rowCount: 3, rowHeightPx: 20, heightPx: 500 };
  assert.equal(lastTopRow(short), 0);
  assert.equal(scrollPxFor(2, short), 0);
  assert.deepEqual(anchorOf(0, short), { row: 0, yPx: 0 });
});

test('a row scrolled to is fully in view for any row heights, and the anchor stays when their average becomes known', () => {
  const heights = fc.array(fc.integer({ min: 20, max: 500 }), { minLength: 60, maxLength: 200 });
  fc.assert(
    fc.property(heights, fc.nat(), (rowsPx, anyRow) => {
      const view: View = { rowCount: rowsPx.length, rowHeightPx: 20, heightPx: 500 };
      const row = anyRow % rowsPx.length;
      const rowPx = rowsPx[row] ?? 0;
      const anchor = anchorOf(topRowShowing(row, view), view);
      const topPx = anchor.yPx - (anchor.row - row) * rowPx;
      assert.ok(topPx > -0.01 && topPx + rowPx < 500.01, `row ${row} of ${rowPx} px begins at ${topPx} px`);
      const known: View = { ...view, rowHeightPx: rowsPx.reduce((sum, px) => sum + px, 0) / rowsPx.length };
      const kept = anchorOf(topRowKept(topRowShowing(row, view), view, known), known);
      assert.ok(Math.abs(kept.row - anchor.row) < 1e-6 && Math.abs(kept.yPx - anchor.yPx) < 1e-6);
    }),
  );
});
