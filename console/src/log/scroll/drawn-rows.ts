import { ROW_PX } from './row-heights.ts';
import { anchorOf, type View } from './scroll-scale.ts';

/** The rows to render, and where the view's anchor is: in rows from the first of them, and in pixels from the view's top. */
export interface DrawnRows {
  firstRow: number;
  lastRow: number;
  anchorAt: number;
  anchorPx: number;
}

/** How rows are expected to be, before they are rendered. */
export interface ExpectedRows {
  wrapped: boolean;
  /** The expected height of a row. */
  heightPx(row: number): number;
  /** Rows to render beyond those, because others turned out to be lower than expected. */
  moreRows: number;
}

const SPARE_ROWS = 8;

/**
 * The rows to render. Of wrapped rows these are as few as their expected heights allow: a line may be taller than the
 * view, and to lay out fifty of those takes seconds.
 */
export function drawnRows(topRow: number, view: View, expected: ExpectedRows): DrawnRows {
  const { row, yPx: anchorPx } = anchorOf(topRow, view);
  let firstRow = Math.floor(row - anchorPx / ROW_PX) - SPARE_ROWS;
  let lastRow = Math.ceil(row + (view.heightPx - anchorPx) / ROW_PX) + SPARE_ROWS;
  if (expected.wrapped) {
    const { heightPx, moreRows } = expected;
    // A page up or down must end among rows of known heights, if they differ: a single tall row would be jumped over.
    const pageRows = Math.ceil(view.heightPx / ROW_PX);
    const floor = firstRow - pageRows;
    const ceiling = Math.min(view.rowCount, lastRow + pageRows);
    const sparePx = isUneven(floor, ceiling, heightPx) ? view.heightPx : SPARE_ROWS * ROW_PX;
    const at = Math.min(Math.floor(row), view.rowCount - 1);
    const atPx = at < 0 ? 0 : heightPx(at);
    let yPx = anchorPx - (row - at) * atPx;
    for (firstRow = at; firstRow > Math.max(0, floor) && yPx > -sparePx; ) yPx -= heightPx(--firstRow);
    yPx = anchorPx + (1 - (row - at)) * atPx;
    for (lastRow = at + 1; lastRow < ceiling && yPx < view.heightPx + sparePx; ) yPx += heightPx(lastRow++);
    firstRow = Math.max(floor, firstRow - moreRows);
    lastRow = Math.min(ceiling, lastRow + moreRows);
  }
  firstRow = Math.max(0, firstRow);
  return { firstRow, lastRow: Math.min(view.rowCount, lastRow), anchorAt: row - firstRow, anchorPx };
}

function isUneven(floor: number, ceiling: number, heightPx: ExpectedRows['heightPx']): boolean {
  for (let row = Math.max(0, floor); row < ceiling; row++) if (heightPx(row) !== ROW_PX) return true;
  return false;
}
