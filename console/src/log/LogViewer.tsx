import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type BuildDetail, isFinal } from '../api/build.ts';
import { sectionsQuery } from '../api/build-queries.ts';
import { Failure } from '../failure/Failure.tsx';
import { LogNotes } from './LogNotes.tsx';
import { LogRow } from './LogRow.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { LOG_KEYS, pressLogKey } from './log-keys.ts';
import { useLogScroll } from './scroll/use-log-scroll.ts';
import { useFolds } from './use-folds.ts';
import { useLineChoice } from './use-line-choice.ts';
import { useLog } from './use-log.ts';
import { type LogLook, useLogActions } from './use-log-actions.ts';
import { useLogSearch } from './use-log-search.ts';
import { useRowKeys } from './use-row-keys.ts';
import { useShownLine } from './use-shown-line.ts';

const NO_SECTIONS: [] = [];

/** The log of a build. It can have any number of lines; only those in view are rendered. */
export function LogViewer({ build, growing, ended }: { build: BuildDetail; growing: boolean; ended(): void }) {
  const id = build.BuildRecordId;
  const { store, failure } = useLog(id, growing, ended);
  const { data: sections = NO_SECTIONS } = useQuery(sectionsQuery(id, !growing));
  const search = useLogSearch(id);
  const { lineCount } = store;
  const folds = useFolds(sections, lineCount);
  const { rowMap } = folds;
  const [look, setLook] = useState<LogLook>({ times: false, wrapped: false, wholeProgress: false });
  const scroll = useLogScroll(rowMap.rowCount, growing, look.wrapped);
  const shownLine = useShownLine(folds, scroll);
  const { picked, pick } = useLineChoice(lineCount, shownLine.showLine);
  const parts = { build, growing, lineCount, search, scroll, folds, shownLine, picked, look, setLook };
  const actions = useLogActions(parts);

  const startedAtEnd = useRef(false);
  useEffect(() => {
    if (startedAtEnd.current || lineCount === 0) return;
    startedAtEnd.current = true;
    // A build that has ended opens at its start, also during the moment until its log is sealed.
    if (!isFinal(build.Status) && location.hash === '') scroll.toEnd();
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
    <section className="log" aria-label="Build log" onKeyDown={(event) => pressLogKey(event, scroll, actions)}>
      <LogToolbar actions={actions} />
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
            <div ref={scroll.rows} className={`log-rows${look.wrapped ? ' wrapped' : ''}`}>
              {rows.map((line) => (
                <LogRow
                  key={keyOf(line)}
                  lineNumber={line}
                  line={store.line(line)}
                  fold={folds.at(line)}
                  closed={folds.isClosed(line)}
                  selected={picked !== undefined && picked.first <= line && line <= picked.last}
                  hit={line === current ? 'current' : search.hits.has(line) ? 'hit' : 'none'}
                  times={look.times}
                  wholeProgress={look.wholeProgress}
                  find={find}
                  onPick={pick}
                  onFold={folds.toggle}
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
