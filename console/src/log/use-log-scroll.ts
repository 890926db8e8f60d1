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

/** How tall a row is that is not wrapped; `log.css` says the same. */
const ROW_PX = 20;
const SPARE_ROWS = 8;

/** Where a log is scrolled to, and the means to move it. */
export interface LogScroll {
  scroller: RefObject<HTMLDivElement | null>;
  rows: RefObject<HTMLDivElement | null>;
  contentPx: number;
  /** The rows to draw. */
  firstRow: number;
  lastRow: number;
  pageRows: number;
  /** The end is held in view while the log grows. */
  following: boolean;
  onScroll(): void;
  /** Moves by so many rows that are not wrapped. */
  moveBy(rows: number): void;
  /** Brings a row into the upper third of the view; a wrapped one to where it is whole in view. */
  showRow(row: number): void;
  toStart(): void;
  toEnd(): void;
}

/**
 * Scrolls a log of any number of rows, of which only those in view are drawn. The truth is the row at the top of the view,
 * so that what is read stays where it is while the log grows; the browser's scroll position follows it.
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
      // The anchor moves by these rows, and down or up in the view with them, the less the longer the log.
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
      // One pixel of scrolling would be many lines here, or a part of a line that may be all there is in view.
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
    // Rows of one height stand where they do without it: so it waits for the frame, which makes the layout that it needs.
    // Not where the browser had to scroll up since there is less to scroll: nobody scrolled there.
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

/** How far down a point between rows is, among rows of their own heights. */
function measuredOffset(rows: HTMLElement, row: number): number {
  const child = rows.children[Math.floor(row)] as HTMLElement | undefined;
  if (!child) return rows.offsetHeight;
  return child.offsetTop + (row - Math.floor(row)) * child.offsetHeight;
}

/** How many rows of their own heights lie across so many pixels, from a point between rows on: down, or up where negative. */
function rowsAcross(rows: HTMLElement, from: number, px: number): number {
  const goalPx = measuredOffset(rows, from) + px;
  if (goalPx < 0) return goalPx / ROW_PX - from;
  for (const [index, row] of (Array.from(rows.children) as HTMLElement[]).entries()) {
    const inRowPx = goalPx - row.offsetTop;
    if (inRowPx < row.offsetHeight) return index + inRowPx / row.offsetHeight - from;
  }
  return rows.children.length + (goalPx - rows.offsetHeight) / ROW_PX - from;
}
