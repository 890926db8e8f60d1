import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawnRows } from './drawn-rows.ts';

test('wrapped rows that fill the view are rendered, and few more, however tall each is', () => {
  const heights = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (texts, at) => {
      const heightPx = (row: number) => 20 * (texts[row] ?? 1);
      const averagePx = texts.reduce((sum, rows) => sum + 20 * rows, 0) / texts.length;
      const view = { rowCount: texts.length, rowHeightPx: averagePx, heightPx: 600 };
      const topRow = at * Math.max(0, texts.length - 600 / averagePx);
      const drawn = drawnRows(topRow, view, { wrapped: true, heightPx, moreRows: 0 });
      const anchor = Math.min(drawn.firstRow + drawn.anchorAt, texts.length - 1e-9);
      const abovePx = sum(drawn.firstRow, Math.floor(anchor)) + (anchor % 1) * heightPx(Math.floor(anchor));
      const allPx = sum(drawn.firstRow, drawn.lastRow);
      assert.ok(drawn.firstRow === 0 || abovePx >= drawn.anchorPx - 1);
      assert.ok(drawn.lastRow === texts.length || allPx - abovePx >= 600 - drawn.anchorPx - 1);
      assert.ok(allPx <= 3 * 600 + 2 * 3000 + 3000, `${allPx} px`);
      function sum(from: number, to: number): number {
        let px = 0;
        for (let row = from; row < to; row++) px += heightPx(row);
        return px;
      }
    }),
  );
});

test('of lines of 16 KiB, no more than five are rendered, and of short ones as many as fill the view', () => {
  const view = { rowCount: 300, rowHeightPx: 2500, heightPx: 700 };
  const long = drawnRows(100, view, { wrapped: true, heightPx: () => 2500, moreRows: 0 });
  assert.ok(long.lastRow - long.firstRow <= 5, `${long.lastRow - long.firstRow}`);
  const short = drawnRows(100, { ...view, rowHeightPx: 20 }, { wrapped: true, heightPx: () => 20, moreRows: 0 });
  assert.ok(short.lastRow - short.firstRow >= 35);
});

test('wherever one tall row is among short ones, a page down ends among rendered rows, so that no row is jumped over', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 0, max: 265 }), (tall, topRow) => {
      const heightPx = (row: number) => (row === tall ? 1200 : 20);
      const view = { rowCount: 300, rowHeightPx: (299 * 20 + 1200) / 300, heightPx: 700 };
      const { firstRow, lastRow, anchorAt, anchorPx } = drawnRows(topRow, view, {
        wrapped: true,
        heightPx,
        moreRows: 0,
      });
      const anchor = firstRow + anchorAt;
      let belowPx = -(anchor % 1) * heightPx(Math.floor(anchor));
      for (let row = Math.floor(anchor); row < lastRow; row++) belowPx += heightPx(row);
      // A page below the anchor, all rows that are not rendered are as low as they are taken to be.
      let restPx = 700 - belowPx;
      for (let row = lastRow; row < 300 && restPx > 0; row++) {
        assert.equal(heightPx(row), 20, `row ${row} of ${firstRow} to ${lastRow}, anchor ${anchor} at ${anchorPx} px`);
        restPx -= 20;
      }
    }),
  );
});
