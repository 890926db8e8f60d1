import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { measuredOffset, ROW_PX, rowsAcross } from './row-heights.ts';
import {
  anchorOf,
  clampTopRow,
  contentHeightPx,
  isTrueToScale,
  lastTopRow,
  topRowAt,
  topRowKept,
  topRowShowing,
  type View,
} from './scroll-scale.ts';
import { useBrowserScroll } from './use-browser-scroll.ts';
import { useViewSize } from './use-view-size.ts';
import { useWheel } from './use-wheel.ts';

const SPARE_ROWS = 8;

/** The scroll position of a log, and the functions to move it. */
export interface LogScroll {
  scroller: RefObject<HTMLDivElement | null>;
  rows: RefObject<HTMLDivElement | null>;
  contentPx: number;
  /** The rows to render. */
  firstRow: number;
  lastRow: number;
  pageRows: number;
  /** The end stays in view while the log grows. */
  following: boolean;
  onScroll(): void;
  /** Scrolls by this many unwrapped rows. */
  moveBy(rows: number): void;
  /** Scrolls a row to the upper third of the view; a wrapped row to where it is fully in view. */
  showRow(row: number): void;
  toStart(): void;
  toEnd(): void;
}

/**
 * Scrolls a log of any number of rows and renders only those in view. The row at the top of the view is the source of
 * truth, so the text being read stays in place while the log grows; the browser's scroll position follows.
 */
export function useLogScroll(rowCount: number, growing: boolean, wrapped: boolean): LogScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const { heightPx, rowHeightPx, measureRows } = useViewSize(scroller, wrapped);
  const view: View = { rowCount, rowHeightPx, heightPx };
  const [position, setPosition] = usePosition(view);
  const topRow = position.following ? lastTopRow(view) : clampTopRow(position.topRow, view);
  const drawn = drawnRows(topRow, view);
  const latest = useRef({ view, topRow, growing, wrapped, drawn });
  latest.current = { view, topRow, growing, wrapped, drawn };

  const go = useCallback(
    (target: (now: { view: View; topRow: number }) => number) => {
      const { view: now, topRow: before } = latest.current;
      const next = clampTopRow(target({ view: now, topRow: before }), now);
      setPosition({ topRow: next, following: latest.current.growing && next >= lastTopRow(now) - 0.5 });
    },
    [setPosition],
  );
  const moveByPx = useCallback(
    (px: number) => {
      const { view: now, wrapped: uneven, drawn: shown } = latest.current;
      const element = rows.current;
      if (!uneven || !element) return go(({ topRow: before }) => before + px / ROW_PX);
      // The anchor moves by these rows, and also down or up within the view: the longer the log, the less.
      const yPxPerRow = now.heightPx / Math.max(1, now.rowCount);
      const anchorRows = rowsAcross(element, shown.anchorAt, px + yPxPerRow * rowsAcross(element, shown.anchorAt, px));
      go(({ topRow: before }) => before + (anchorRows * lastTopRow(now)) / now.rowCount);
    },
    [go],
  );

  const stopFollowing = useCallback(
    () => setPosition({ topRow: latest.current.topRow, following: false }),
    [setPosition],
  );
  const browserScrolls = useCallback(() => !latest.current.wrapped && isTrueToScale(latest.current.view), []);
  useWheel(scroller, { stopFollowing, browserScrolls, moveByPx });

  useLayoutEffect(() => {
    const element = rows.current;
    if (!element) return;
    const offsetPx = wrapped ? measuredOffset(element, drawn.anchorAt) : drawn.anchorAt * ROW_PX;
    element.style.transform = `translateY(${Math.round(drawn.anchorPx - offsetPx)}px)`;
    const count = drawn.lastRow - drawn.firstRow;
    if (wrapped) measureRows(element, count, count === rowCount);
  });
  const scrolledTo = useCallback((scrollPx: number) => go((now) => topRowAt(scrollPx, now.view)), [go]);
  const onScroll = useBrowserScroll(scroller, { view, topRow, wrapped }, scrolledTo);

  return {
    scroller,
    rows,
    contentPx: contentHeightPx(view),
    firstRow: drawn.firstRow,
    lastRow: drawn.lastRow,
    pageRows: Math.max(1, Math.floor(heightPx / ROW_PX) - 2),
    following: position.following && growing,
    onScroll,
    moveBy: (count) => moveByPx(count * ROW_PX),
    showRow: (row) =>
      go((now) => (wrapped ? topRowShowing(row, now.view) : row - Math.floor(now.view.heightPx / ROW_PX / 3))),
    toStart: () => go(() => 0),
    toEnd: () => go((now) => lastTopRow(now.view)),
  };
}

/** The row at the top of the view, kept at the same text when row heights change; and whether the view follows the end. */
function usePosition(view: View) {
  const [position, setPosition] = useState({ topRow: 0, following: false });
  const [rowHeightPx, setRowHeightPx] = useState(view.rowHeightPx);
  if (rowHeightPx !== view.rowHeightPx) {
    setRowHeightPx(view.rowHeightPx);
    setPosition({ ...position, topRow: topRowKept(position.topRow, { ...view, rowHeightPx }, view) });
  }
  return [position, setPosition] as const;
}

/** The rows to render, and where the view's anchor is: in rows from the first of them, and in pixels from the view's top. */
function drawnRows(topRow: number, view: View) {
  const { row, yPx: anchorPx } = anchorOf(topRow, view);
  const firstRow = Math.max(0, Math.floor(row - anchorPx / ROW_PX) - SPARE_ROWS);
  const lastRow = Math.min(view.rowCount, Math.ceil(row + (view.heightPx - anchorPx) / ROW_PX) + SPARE_ROWS);
  return { firstRow, lastRow, anchorAt: row - firstRow, anchorPx };
}
