import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { drawnRows, type ExpectedRows } from './drawn-rows.ts';
import { measuredOffset, ROW_PX, rowAtTop, rowsAcross } from './row-heights.ts';
import {
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

/** Which rows a log has, and how they are expected to be. */
export interface LogRows {
  rowCount: number;
  growing: boolean;
  wrapped: boolean;
  /** The expected height of a wrapped row in a view of this width. */
  expectedPx(row: number, widthPx: number): number;
}

/** From how many rows the average height of all is taken. */
const SAMPLE_ROWS = 200;
/** More than this many unexpectedly low rows are never needed: even the lowest ones fill a view. */
const MORE_ROWS_LIMIT = 200;

/** The scroll position of a log, and the functions to move it. */
export interface LogScroll {
  scroller: RefObject<HTMLDivElement | null>;
  rows: RefObject<HTMLDivElement | null>;
  contentPx: number;
  /** The height of the view. */
  heightPx: number;
  /** The height of all rows, as far as it is known. */
  rowsPx: number;
  /** The row that is cut by the top of the view, or that begins there; and whether it is cut. */
  topRow: number;
  isTopCut: boolean;
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
  stopFollowing(): void;
}

/**
 * Scrolls a log of any number of rows and renders only those in view. The row at the top of the view is the source of
 * truth, so the text being read stays in place while the log grows; the browser's scroll position follows.
 */
export function useLogScroll({ rowCount, growing, wrapped, expectedPx }: LogRows): LogScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const latestTop = useRef(0);
  const { heightPx, widthPx, rowHeightPx, measureAll } = useViewSize(scroller, wrapped, (width) =>
    averagePx(Math.floor(latestTop.current), rowCount, (row) => expectedPx(row, width)),
  );
  const view: View = { rowCount, rowHeightPx, heightPx };
  const [position, setPosition] = usePosition(view);
  // A row that was asked for stays where it belongs while the view gets its height.
  const wanted = position.shownRow === undefined ? position.topRow : topRowFor(position.shownRow, view, wrapped);
  const topRow = position.following ? lastTopRow(view) : clampTopRow(wanted, view);
  latestTop.current = topRow;
  const [moreRows, setMoreRows] = useState(0);
  const [measuredTop, setMeasuredTop] = useState({ row: 0, isCut: false });
  const expected: ExpectedRows = { wrapped, heightPx: (row) => expectedPx(row, widthPx), moreRows };
  const drawn = drawnRows(topRow, view, expected);
  const latest = useRef({ view, topRow, growing, wrapped, drawn });
  latest.current = { view, topRow, growing, wrapped, drawn };

  const go = useCallback(
    (target: (now: { view: View; topRow: number }) => number, shownRow?: number) => {
      const { view: now, topRow: before } = latest.current;
      const next = clampTopRow(target({ view: now, topRow: before }), now);
      setPosition({ topRow: next, following: latest.current.growing && next >= lastTopRow(now) - 0.5, shownRow });
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
    () => setPosition({ topRow: latest.current.topRow, following: false, shownRow: undefined }),
    [setPosition],
  );
  const browserScrolls = useCallback(() => !latest.current.wrapped && isTrueToScale(latest.current.view), []);
  useWheel(scroller, { stopFollowing, browserScrolls, moveByPx });

  useLayoutEffect(() => {
    const element = rows.current;
    if (!element) return;
    const offsetPx = wrapped ? measuredOffset(element, drawn.anchorAt) : drawn.anchorAt * ROW_PX;
    const topPx = Math.round(drawn.anchorPx - offsetPx);
    element.style.transform = `translateY(${topPx}px)`;
    if (!wrapped) return;
    const count = drawn.lastRow - drawn.firstRow;
    if (count === rowCount) measureAll(element, count);
    const isShort = topPx + element.offsetHeight < heightPx && drawn.lastRow < rowCount;
    if ((isShort || (topPx > 0 && drawn.firstRow > 0)) && moreRows < MORE_ROWS_LIMIT) setMoreRows(2 * moreRows + 4);
    const found = rowAtTop(element, -topPx);
    const top = { row: drawn.firstRow + found.index, isCut: found.isCut };
    if (top.row !== measuredTop.row || top.isCut !== measuredTop.isCut) setMeasuredTop(top);
  });
  const scrolledTo = useCallback((scrollPx: number) => go((now) => topRowAt(scrollPx, now.view)), [go]);
  const onScroll = useBrowserScroll(scroller, { view, topRow, wrapped }, scrolledTo);

  return {
    scroller,
    rows,
    contentPx: contentHeightPx(view),
    heightPx,
    rowsPx: rowCount * rowHeightPx,
    topRow: wrapped ? measuredTop.row : Math.floor(topRow),
    isTopCut: wrapped ? measuredTop.isCut : topRow % 1 > 0.05,
    firstRow: drawn.firstRow,
    lastRow: drawn.lastRow,
    pageRows: Math.max(1, Math.floor(heightPx / ROW_PX) - 2),
    following: position.following && growing,
    onScroll,
    moveBy: (count) => moveByPx(count * ROW_PX),
    showRow: (row) => go((now) => topRowFor(row, now.view, wrapped), row),
    toStart: () => go(() => 0),
    toEnd: () => go((now) => lastTopRow(now.view)),
    stopFollowing,
  };
}

/** The top row that shows a row: in the upper third of the view, or where a wrapped one is fully in view. */
function topRowFor(row: number, view: View, wrapped: boolean): number {
  return wrapped ? topRowShowing(row, view) : row - Math.floor(view.heightPx / ROW_PX / 3);
}

/** Where the view is; `shownRow` is the row that was asked for, until something else scrolls. */
interface Position {
  topRow: number;
  following: boolean;
  shownRow: number | undefined;
}

/** The row at the top of the view, kept at the same text when row heights change; and whether the view follows the end. */
function usePosition(view: View) {
  const [position, setPosition] = useState<Position>({ topRow: 0, following: false, shownRow: undefined });
  const [rowHeightPx, setRowHeightPx] = useState(view.rowHeightPx);
  if (rowHeightPx !== view.rowHeightPx) {
    setRowHeightPx(view.rowHeightPx);
    setPosition({ ...position, topRow: topRowKept(position.topRow, { ...view, rowHeightPx }, view) });
  }
  return [position, setPosition] as const;
}

/** The average height of the rows around a row. */
function averagePx(at: number, rowCount: number, heightPx: (row: number) => number): number {
  const first = Math.max(0, Math.min(at, rowCount - SAMPLE_ROWS / 2) - SAMPLE_ROWS / 2);
  const last = Math.min(rowCount, first + SAMPLE_ROWS);
  let sumPx = 0;
  for (let row = first; row < last; row++) sumPx += heightPx(row);
  return last > first ? sumPx / (last - first) : ROW_PX;
}
