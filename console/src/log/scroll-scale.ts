/*
 * A log may be far taller than a browser lets an element be (some 16 to 33 million pixels). So the scrolled element is at
 * most `HEIGHT_LIMIT_PX` tall, and its scroll position stands for a fraction of the log: at fraction f, the point of the log
 * at f of its height is shown at f of the view's height. In a log that fits, that is plain scrolling, pixel by pixel; in a
 * taller one the ends are reached all the same.
 */

/** Firefox stops at about 17.8 million, Chromium at 33.5 million, Safari at 33.5 million pixels. */
const HEIGHT_LIMIT_PX = 8_000_000;

/** What the log is shown with. */
export interface View {
  rowCount: number;
  rowHeightPx: number;
  heightPx: number;
}

/** Where a scroll position stands in a log. */
export interface Anchor {
  /** A row, and how far down in it, as a fraction: 12.5 is the middle of row 12. */
  row: number;
  /** Where that point is, from the top of the view. */
  yPx: number;
}

/** How tall the scrolled element is. */
export function contentHeightPx({ rowCount, rowHeightPx, heightPx }: View): number {
  return Math.max(heightPx, Math.min(HEIGHT_LIMIT_PX, rowCount * rowHeightPx));
}

/** Whether one pixel of scrolling is one pixel of the log. */
export function isTrueToScale(view: View): boolean {
  return view.rowCount * view.rowHeightPx <= HEIGHT_LIMIT_PX;
}

/** The highest row number, with a fraction, that can be at the top of the view. */
export function lastTopRow({ rowCount, rowHeightPx, heightPx }: View): number {
  return Math.max(0, rowCount - heightPx / rowHeightPx);
}

/** The row at the top of the view for a scroll position. */
export function topRowAt(scrollPx: number, view: View): number {
  const rangePx = contentHeightPx(view) - view.heightPx;
  return rangePx <= 0 ? 0 : Math.min(1, Math.max(0, scrollPx / rangePx)) * lastTopRow(view);
}

/** The scroll position that has a row at the top of the view. */
export function scrollPxFor(topRow: number, view: View): number {
  const last = lastTopRow(view);
  return last === 0 ? 0 : (clampTopRow(topRow, view) / last) * (contentHeightPx(view) - view.heightPx);
}

/** The point of the log that stays where it is when rows are of other heights than thought. */
export function anchorOf(topRow: number, view: View): Anchor {
  const last = lastTopRow(view);
  const fraction = last === 0 ? 0 : clampTopRow(topRow, view) / last;
  return { row: fraction * view.rowCount, yPx: fraction * view.heightPx };
}

/** The top row with which a row is whole in view, however tall it and the others are: as far down in it as in the log. */
export function topRowShowing(row: number, view: View): number {
  const fraction = view.rowCount > 1 ? row / (view.rowCount - 1) : 0;
  return topRowWithAnchor(row + fraction, view);
}

/** The top row that keeps the anchor where it is when the height of rows changes. */
export function topRowKept(topRow: number, before: View, view: View): number {
  return topRowWithAnchor(anchorOf(topRow, before).row, view);
}

function topRowWithAnchor(anchorRow: number, view: View): number {
  return view.rowCount === 0 ? 0 : clampTopRow((anchorRow / view.rowCount) * lastTopRow(view), view);
}

/** A row that can be at the top of the view. */
export function clampTopRow(topRow: number, view: View): number {
  return Math.min(lastTopRow(view), Math.max(0, topRow));
}
