import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  anchorOf,
  clampTopRow,
  contentHeightPx,
  isTrueToScale,
  lastTopRow,
  scrollPxFor,
  topRowAt,
  topRowKept,
  topRowShowing,
  type View,
} from './scroll-scale.ts';

/** Height of a row that is not wrapped; must match `log.css`. */
const ROW_PX = 20;
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
  const writtenPx = useRef(0);
  const writtenContentPx = useRef(0);
  const writing = useRef(0);
  const [heightPx, setHeightPx] = useState(600);
  const [wrappedRowPx, setWrappedRowPx] = useState<number>();
  const [place, setPlace] = useState({ topRow: 0, following: false });
  const rowHeightPx = wrapped ? (wrappedRowPx ?? ROW_PX) : ROW_PX;
  const view: View = { rowCount, rowHeightPx, heightPx };
  const [placedRowPx, setPlacedRowPx] = useState(ROW_PX);
  if (placedRowPx !== rowHeightPx) {
    setPlacedRowPx(rowHeightPx);
    setPlace({ ...place, topRow: topRowKept(place.topRow, { ...view, rowHeightPx: placedRowPx }, view) });
  }
  const following = place.following && growing;
  const topRow = place.following ? lastTopRow(view) : clampTopRow(place.topRow, view);
  const contentPx = contentHeightPx(view);
  const anchor = anchorOf(topRow, view);
  const firstRow = Math.max(0, Math.floor(anchor.row - anchor.yPx / ROW_PX) - SPARE_ROWS);
  const lastRow = Math.min(rowCount, Math.ceil(anchor.row + (heightPx - anchor.yPx) / ROW_PX) + SPARE_ROWS);

  const latest = useRef({ view, topRow, growing, wrapped, anchorAt: 0 });
  latest.current = { view, topRow, growing, wrapped, anchorAt: anchor.row - firstRow };

  const go = useCallback((target: (now: { view: View; topRow: number }) => number) => {
    const { view: now, topRow: before } = latest.current;
    const next = clampTopRow(target({ view: now, topRow: before }), now);
    setPlace({ topRow: next, following: latest.current.growing && next >= lastTopRow(now) - 0.5 });
  }, []);

  const moveByPx = useCallback(
    (px: number) => {
      const { view: now, wrapped: uneven, anchorAt } = latest.current;
      const element = rows.current;
      if (!uneven || !element) return go(({ topRow: before }) => before + px / ROW_PX);
      // The anchor moves by these rows, and also down or up within the view: the longer the log, the less.
      const yPxPerRow = now.heightPx / Math.max(1, now.rowCount);
      const anchorRows = rowsAcross(element, anchorAt, px + yPxPerRow * rowsAcross(element, anchorAt, px));
      go(({ topRow: before }) => before + (anchorRows * lastTopRow(now)) / now.rowCount);
    },
    [go],
  );

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setHeightPx(element.clientHeight);
      setWrappedRowPx(undefined);
    });
    observer.observe(element);
    const letGo = () => setPlace({ topRow: latest.current.topRow, following: false });
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      if (event.deltaY < 0) letGo();
      if (!latest.current.wrapped && isTrueToScale(latest.current.view)) return;
      // Here one pixel of scrolling would be many lines, or part of a line that may fill the view.
      event.preventDefault();
      moveByPx(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('touchmove', letGo, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('touchmove', letGo);
    };
  }, [moveByPx]);

  useLayoutEffect(() => {
    const element = rows.current;
    if (!element) return;
    const offsetPx = wrapped ? measuredOffset(element, anchor.row - firstRow) : (anchor.row - firstRow) * ROW_PX;
    element.style.transform = `translateY(${Math.round(anchor.yPx - offsetPx)}px)`;
    const drawn = lastRow - firstRow;
    if (!wrapped || drawn === 0) return;
    const averagePx = element.offsetHeight / drawn;
    const all = drawn === rowCount;
    if (wrappedRowPx === undefined || (all && Math.abs(averagePx - wrappedRowPx) > 0.1)) setWrappedRowPx(averagePx);
  });

  useLayoutEffect(() => {
    const wantedPx = scrollPxFor(topRow, view);
    const write = () => {
      const element = scroller.current;
      if (!element) return;
      if (Math.abs(element.scrollTop - wantedPx) > 1) element.scrollTop = wantedPx;
      writtenPx.current = element.scrollTop;
    };
    cancelAnimationFrame(writing.current);
    const shrunk = contentPx < writtenContentPx.current;
    writtenContentPx.current = contentPx;
    // Rows of equal height are already in the right place, so this can wait for the frame, which does the layout it
    // needs. Ignore it if the browser scrolled up because the content became shorter: the user did not scroll.
    if (wrapped || shrunk) write();
    else writing.current = requestAnimationFrame(write);
  });

  const onScroll = useCallback(() => {
    const scrollPx = scroller.current?.scrollTop ?? 0;
    if (Math.abs(scrollPx - writtenPx.current) <= 1) return;
    cancelAnimationFrame(writing.current);
    writtenPx.current = scrollPx;
    go((now) => topRowAt(scrollPx, now.view));
  }, [go]);

  return {
    scroller,
    rows,
    contentPx,
    firstRow,
    lastRow,
    pageRows: Math.max(1, Math.floor(heightPx / ROW_PX) - 2),
    following,
    onScroll,
    moveBy: (count) => moveByPx(count * ROW_PX),
    showRow: (row) =>
      go((now) => (wrapped ? topRowShowing(row, now.view) : row - Math.floor(now.view.heightPx / ROW_PX / 3))),
    toStart: () => go(() => 0),
    toEnd: () => go((now) => lastTopRow(now.view)),
  };
}

/** Distance of a point between rows from the top, with the rows' real heights. */
function measuredOffset(rows: HTMLElement, row: number): number {
  const child = rows.children[Math.floor(row)] as HTMLElement | undefined;
  if (!child) return rows.offsetHeight;
  return child.offsetTop + (row - Math.floor(row)) * child.offsetHeight;
}

/**
 * How many rows, with their real heights, a number of pixels spans from a point between rows: down, or up if negative.
 */
function rowsAcross(rows: HTMLElement, from: number, px: number): number {
  const goalPx = measuredOffset(rows, from) + px;
  if (goalPx < 0) return goalPx / ROW_PX - from;
  for (const [index, row] of (Array.from(rows.children) as HTMLElement[]).entries()) {
    const inRowPx = goalPx - row.offsetTop;
    if (inRowPx < row.offsetHeight) return index + inRowPx / row.offsetHeight - from;
  }
  return rows.children.length + (goalPx - rows.offsetHeight) / ROW_PX - from;
}
