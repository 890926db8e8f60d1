import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BuildDetail } from '../api/build.ts';
import { sectionsQuery } from '../api/build-queries.ts';
import { Failure } from '../failure/Failure.tsx';
import { foldsOf, RowMap } from './folds.ts';
import { LogNotes } from './LogNotes.tsx';
import { LogRow } from './LogRow.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { LOG_KEYS, pressLogKey } from './log-keys.ts';
import { useLineChoice } from './use-line-choice.ts';
import { useLog } from './use-log.ts';
import { useLogActions } from './use-log-actions.ts';
import { useLogScroll } from './use-log-scroll.ts';
import { useLogSearch } from './use-log-search.ts';
import { useRowKeys } from './use-row-keys.ts';

const NO_SECTIONS: [] = [];

/** The log of a build. It can have any number of lines; only those in view are rendered. */
export function LogViewer({ build, growing, ended }: { build: BuildDetail; growing: boolean; ended(): void }) {
  const id = build.BuildRecordId;
  const { store, failure } = useLog(id, growing, ended);
  const { data: sections = NO_SECTIONS } = useQuery(sectionsQuery(id, !growing));
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const search = useLogSearch(id);
  const { lineCount } = store;
  const folds = useMemo(() => foldsOf(sections, lineCount), [sections, lineCount]);
  const foldAt = useMemo(() => new Map(folds.map((fold) => [fold.firstLine, fold])), [folds]);
  const rowMap = useMemo(() => new RowMap(lineCount, folds, closed), [lineCount, folds, closed]);
  const [shown, setShown] = useState({ times: false, wrapped: false, wholeProgress: false });
  const scroll = useLogScroll(rowMap.rowCount, growing, shown.wrapped);

  const goal = useRef<number>(undefined);
  const showLine = useCallback(
    (line: number) => {
      scroll.scroller.current?.scrollIntoView({ block: 'nearest' });
      const around = folds.filter((fold) => fold.firstLine < line && line <= fold.lastLine);
      if (around.some((fold) => closed.has(fold.firstLine))) {
        // The row is known once the folds are open, which is after the next render.
        goal.current = line;
        setClosed(new Set([...closed].filter((first) => !around.some((fold) => fold.firstLine === first))));
      } else scroll.showRow(rowMap.rowOf(line));
    },
    [folds, closed, rowMap, scroll],
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

  const { picked, pick } = useLineChoice(lineCount, showLine);
  const { actions, searchField } = useLogActions({
    ...{
      build,
      growing,
      search,
      scroll,
      shown,
      setShown,
      folds,
      closed,
      setClosed,
      picked,
      showLine,
      keepShown,
      lineCount,
    },
  });
  const fold = useCallback((firstLine: number) => {
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(firstLine)) next.add(firstLine);
      return next;
    });
  }, []);

  const startedAtEnd = useRef(false);
  useEffect(() => {
    if (startedAtEnd.current || lineCount === 0) return;
    startedAtEnd.current = true;
    if (growing && location.hash === '') scroll.toEnd();
  });

  const rows = Array.from({ length: Math.max(0, scroll.lastRow - scroll.firstRow) }, (_, i) =>
    rowMap.lineAt(scroll.firstRow + i),
  );
  const [first, last] = [rows[0], rows.at(-1)];
  const keyOf = useRowKeys(first, last);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first row, the last row and the map identify the rows.
  useEffect(() => store.want(rows), [store, first, last, rowMap]);

  const current = search.found?.lines[search.current];
  const find = search.query.regex || search.query.text === '' ? undefined : search.query.text;
  return (
    <section
      className="log"
      aria-label="Build log"
      onKeyDown={(event) => pressLogKey(event, scroll, { ...actions, searchField })}
    >
      <LogToolbar actions={{ ...actions, searchField }} />
      {search.failure !== undefined && <Failure error={search.failure} />}
      {failure !== undefined && <Failure error={failure} />}
      <LogNotes build={build} />
      <section
        ref={scroll.scroller}
        className="log-scroller"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log lines"
        onScroll={scroll.onScroll}
      >
        <div className="log-content" style={{ height: scroll.contentPx }}>
          <div className="log-layer">
            <div ref={scroll.rows} className={`log-rows${shown.wrapped ? ' wrapped' : ''}`}>
              {rows.map((line) => (
                <LogRow
                  key={keyOf(line)}
                  lineNumber={line}
                  line={store.line(line)}
                  fold={foldAt.get(line)}
                  closed={closed.has(line)}
                  selected={picked !== undefined && picked.first <= line && line <= picked.last}
                  hit={line === current ? 'current' : search.hits.has(line) ? 'hit' : 'none'}
                  times={shown.times}
                  wholeProgress={shown.wholeProgress}
                  find={find}
                  onPick={pick}
                  onFold={fold}
                />
              ))}
            </div>
          </div>
        </div>
      </section>
      <footer className="log-foot">
        <span>{lineCount.toLocaleString('en')} lines</span>
        <details>
          <summary>Keys</summary>
          <dl>
            {LOG_KEYS.map(([keys, does]) => (
              <div key={keys}>
                <dt>{keys}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </details>
      </footer>
    </section>
  );
}
