/*
 * A log may be far taller than browsers allow an element to be (about 16 to 33 million pixels). So the scrolled element
 * is at most `HEIGHT_LIMIT_PX` tall, and its scroll position represents a fraction of the log: at fraction f, the point
 * at f of the log's height is shown at f of the view's height. For a log that fits, this is plain scrolling, pixel by
 * pixel; in a taller one, both ends can still be reached.
 */

/** Firefox stops at about 17.8 million, Chromium at 33.5 million, Safari at 33.5 million pixels. */
const HEIGHT_LIMIT_PX = 8_000_000;

/** The sizes that a log is shown with. */
export interface View {
  rowCount: number;
  rowHeightPx: number;
  heightPx: number;
}

/** The point of a log that a scroll position represents. */
export interface Anchor {
  /** A row and a fraction of it: 12.5 is the middle of row 12. */
  row: number;
  /** Distance of that point from the top of the view. */
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

/** The point of the log that stays in place when rows turn out to have other heights than assumed. */
export function anchorOf(topRow: number, view: View): Anchor {
  const last = lastTopRow(view);
  const fraction = last === 0 ? 0 : clampTopRow(topRow, view) / last;
  return { row: fraction * view.rowCount, yPx: fraction * view.heightPx };
}

/**
 * The top row that shows a row fully, however tall it and the others are: the row is as far down the view as it is in
 * the log.
 */
export function topRowShowing(row: number, view: View): number {
  const fraction = view.rowCount > 1 ? row / (view.rowCount - 1) : 0;
  return topRowWithAnchor(row + fraction, view);
}

/** The top row that keeps the anchor in place when row heights change. */
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
