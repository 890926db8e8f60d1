import { useCallback, useMemo, useState } from 'react';
import type { Section } from '../api/build.ts';
import { type Fold, foldsOf, RowMap } from './folds.ts';

/** The folds of a log, which of them are closed, and the rows that this leaves. */
export interface LogFolds {
  rowMap: RowMap;
  anyClosed: boolean;
  /** The fold that begins at a line. */
  at(line: number): Fold | undefined;
  isClosed(line: number): boolean;
  /** Opens or closes the fold that begins at a line. */
  toggle(line: number): void;
  /** Opens all folds, or closes all of them if none is closed. */
  toggleAll(): void;
  /** Closes all folds but those around one of these lines, or that begin at one. */
  closeOthers(lines: readonly number[]): void;
  /** Opens the folds that hide a line. Returns whether there were any. */
  reveal(line: number): boolean;
}

/** Folds the stages and steps of a log. */
export function useFolds(sections: readonly Section[], lineCount: number): LogFolds {
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const folds = useMemo(() => foldsOf(sections, lineCount), [sections, lineCount]);
  const foldAt = useMemo(() => new Map(folds.map((fold) => [fold.firstLine, fold])), [folds]);
  const rowMap = useMemo(() => new RowMap(lineCount, folds, closed), [lineCount, folds, closed]);
  const anyClosed = folds.some((fold) => closed.has(fold.firstLine));
  const toggle = useCallback((line: number) => {
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(line)) next.add(line);
      return next;
    });
  }, []);
  const reveal = useCallback(
    (line: number) => {
      const around = folds.filter((fold) => isHiddenBy(fold, line));
      if (!around.some((fold) => closed.has(fold.firstLine))) return false;
      setClosed(new Set([...closed].filter((first) => !around.some((fold) => fold.firstLine === first))));
      return true;
    },
    [folds, closed],
  );
  const closeOthers = useCallback(
    (lines: readonly number[]) => {
      const isKept = (fold: Fold) => lines.some((line) => fold.firstLine === line || isHiddenBy(fold, line));
      setClosed(new Set(folds.filter((fold) => !isKept(fold)).map((fold) => fold.firstLine)));
    },
    [folds],
  );
  return {
    rowMap,
    anyClosed,
    at: (line) => foldAt.get(line),
    isClosed: (line) => closed.has(line),
    toggle,
    toggleAll: () => setClosed(new Set(anyClosed ? [] : folds.map((fold) => fold.firstLine))),
    closeOthers,
    reveal,
  };
}

function isHiddenBy({ hides }: Fold, line: number): boolean {
  return hides.some(({ first, last }) => first <= line && line <= last);
}
