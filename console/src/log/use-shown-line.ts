import { useCallback, useEffect, useRef } from 'react';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import type { LogFolds } from './use-folds.ts';

/** Moves a log to a line. */
export interface ShownLine {
  showLine(line: number): void;
  /** Shows a line after the next render, without moving the page. */
  showNext(line: number): void;
  /** After the next render, scrolls back to the first of these lines that is visible now. */
  keepShown(lines: readonly (number | undefined)[]): void;
}

/** Scrolls to lines; a line in a closed fold is shown once the fold is open. */
export function useShownLine({ rowMap, reveal }: LogFolds, scroll: LogScroll): ShownLine {
  const goal = useRef<number>(undefined);
  const showLine = useCallback(
    (line: number) => {
      scroll.scroller.current?.scrollIntoView({ block: 'nearest' });
      // The row is known once the folds are open, which is after the next render.
      if (reveal(line)) goal.current = line;
      else scroll.showRow(rowMap.rowOf(line));
    },
    [reveal, rowMap, scroll],
  );
  const keepShown = (lines: readonly (number | undefined)[]) => {
    goal.current = lines.find((line) => {
      const row = line === undefined ? -1 : rowMap.rowOf(line);
      return scroll.firstRow <= row && row < scroll.lastRow;
    });
  };
  useEffect(() => {
    if (goal.current === undefined) return;
    scroll.showRow(rowMap.rowOf(goal.current));
    goal.current = undefined;
  });
  const showNext = useCallback((line: number) => {
    goal.current = line;
  }, []);
  return { showLine, showNext, keepShown };
}
