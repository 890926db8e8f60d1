import { type RefObject, useCallback, useEffect, useState } from 'react';
import { ROW_PX } from './row-heights.ts';

/** The sizes of a log's view. */
export interface ViewSize {
  heightPx: number;
  widthPx: number;
  /** The height of a row; if rows are wrapped, their average height. */
  rowHeightPx: number;
  /** Measures wrapped rows, if the log has no others than those that were rendered. */
  measureAll(rows: HTMLElement, count: number): void;
}

/**
 * Measures the view. The average height of wrapped rows is what `expectedPx` says when rows begin to be wrapped and when
 * the view gets another width, until all of them can be measured.
 */
export function useViewSize(
  scroller: RefObject<HTMLElement | null>,
  wrapped: boolean,
  expectedPx: (widthPx: number) => number,
): ViewSize {
  const [size, setSize] = useState({ heightPx: 600, widthPx: 1000 });
  const [average, setAverage] = useState<{ widthPx: number; px: number }>();
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSize({ heightPx: element.clientHeight, widthPx: element.clientWidth }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  const { widthPx } = size;
  let px = ROW_PX;
  if (wrapped) {
    px = average?.widthPx === widthPx ? average.px : expectedPx(widthPx);
    if (average?.widthPx !== widthPx) setAverage({ widthPx, px });
  } else if (average) setAverage(undefined);
  const measureAll = useCallback(
    (rows: HTMLElement, count: number) => {
      const measuredPx = count === 0 ? px : rows.offsetHeight / count;
      if (Math.abs(measuredPx - px) > 0.1) setAverage({ widthPx, px: measuredPx });
    },
    [px, widthPx],
  );
  return { ...size, rowHeightPx: px, measureAll };
}
