import { type RefObject, useCallback, useEffect, useState } from 'react';
import { ROW_PX } from './row-heights.ts';

/** The sizes of a log's view, as measured in the page. */
export interface ViewSize {
  heightPx: number;
  /** The height of a row; if rows are wrapped, their average height. */
  rowHeightPx: number;
  /** Measures wrapped rows after they were rendered. `all` means that the log has no others. */
  measureRows(rows: HTMLElement, count: number, all: boolean): void;
}

/** Measures the view. The average height of wrapped rows is measured again when the view gets another size. */
export function useViewSize(scroller: RefObject<HTMLElement | null>, wrapped: boolean): ViewSize {
  const [heightPx, setHeightPx] = useState(600);
  const [wrappedRowPx, setWrappedRowPx] = useState<number>();
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setHeightPx(element.clientHeight);
      setWrappedRowPx(undefined);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  const measureRows = useCallback(
    (rows: HTMLElement, count: number, all: boolean) => {
      if (count === 0) return;
      const averagePx = rows.offsetHeight / count;
      const isOff = wrappedRowPx === undefined || (all && Math.abs(averagePx - wrappedRowPx) > 0.1);
      if (isOff) setWrappedRowPx(averagePx);
    },
    [wrappedRowPx],
  );
  return { heightPx, rowHeightPx: wrapped ? (wrappedRowPx ?? ROW_PX) : ROW_PX, measureRows };
}
