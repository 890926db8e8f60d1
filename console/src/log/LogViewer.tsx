import { type CSSProperties, useCallback, useEffect, useMemo, useState } from 'react';
import type { LoggedBuild } from '../api/build.ts';
import { Failure } from '../failure/Failure.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { expectedHeightPx } from './expected-height.ts';
import { moveFoldFocus } from './fold-focus.ts';
import { Headings } from './headings.ts';
import { LogNotes } from './LogNotes.tsx';
import { LogRow } from './LogRow.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { lineCountText } from './line-count.ts';
import { FOCUSED_KEYS, LOG_KEYS, useLogKeys } from './log-keys.ts';
import { StickyHeading } from './StickyHeading.tsx';
import { useLogScroll } from './scroll/use-log-scroll.ts';
import type { BuildParts } from './use-build-parts.ts';
import { useErrors } from './use-errors.ts';
import { useFolds } from './use-folds.ts';
import { useLineChoice } from './use-line-choice.ts';
import { useLog } from './use-log.ts';
import { type LogLook, useLogActions } from './use-log-actions.ts';
import { useLogSearch } from './use-log-search.ts';
import { useOpening } from './use-opening.ts';
import { useRowKeys } from './use-row-keys.ts';
import { useShownLine } from './use-shown-line.ts';

const NONE: [] = [];
/** A failed build ends with the builder's reason and the line that ends its stage. */
const END_LINES = 2;
/** Any window is lower than this. */
const TALLEST_PX = 100_000;
/** The line below the log, and the page's margin. */
const FOOT_PX = 46;

interface LogViewerProps {
  build: LoggedBuild;
  parts: BuildParts;
  growing: boolean;
  ended(): void;
}

/** The log of a build. It can have any number of lines; only those in view are rendered. */
export function LogViewer({ build, parts, growing, ended }: LogViewerProps) {
  const { BuildRecordId: id, Status, EndTime } = build;
  const { store, failure } = useLog(id, growing, ended);
  const { sections = NONE, steps = NONE, card } = parts;
  const headings = useMemo(
    () => new Headings(sections, steps, { Status, EndTime }),
    [sections, steps, Status, EndTime],
  );
  const search = useLogSearch(id);
  const { lineCount } = store;
  const folds = useFolds(sections, lineCount);
  const { rowMap } = folds;
  const [look, setLook] = useState<LogLook>({ times: false, wrapped: false, wholeProgress: false });
  const { wrapped, times } = look;
  const expectedPx = (row: number, widthPx: number) => expectedHeightPx(store.line(rowMap.lineAt(row)), widthPx, times);
  const scroll = useLogScroll({ rowCount: rowMap.rowCount, growing, wrapped, expectedPx });
  const shownLine = useShownLine(folds, scroll);
  const { showLine, showNext } = shownLine;
  const { picked, pick } = useLineChoice(lineCount, showLine);
  const [errorLine, setErrorLine] = useState<number>();
  const [belowPx, setBelowPx] = useState<number>();
  const markError = (line: number, show: (line: number) => void) => {
    setErrorLine(line);
    pick(line, false);
    show(line);
  };
  const cause = useOpening({
    build,
    card,
    lineCount,
    hasSections: sections.length > 0,
    folds,
    scroll,
    fitWindow: () => setBelowPx(roomBelowPx(scroll.scroller.current)),
    openAt: (line) => markError(line, showNext),
  });
  const errors = useErrors({
    id,
    cause,
    isHeading: (line) => headings.at(line) !== undefined,
    showError: (line) => markError(line, showLine),
  });
  const acted = { id, growing, lineCount, search, scroll, folds, shownLine, errors, picked, look, setLook };
  const actions = useLogActions(acted);
  useLogKeys(scroll, actions);
  useShortcuts('The log', LOG_KEYS);
  useShortcuts('The log, while it has the focus', FOCUSED_KEYS);

  const rows = Array.from({ length: Math.max(0, scroll.lastRow - scroll.firstRow) }, (_, i) =>
    rowMap.lineAt(scroll.firstRow + i),
  );
  const [first, last] = [rows[0], rows.at(-1)];
  const keyOf = useRowKeys(first, last);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first row, the last row and the map identify the rows.
  useEffect(() => store.want(rows), [store, first, last, rowMap]);

  const firstFold = rows.find((line) => folds.at(line) !== undefined);
  const topLine = rowMap.lineAt(scroll.topRow);
  const isHeadingAbove = lineCount > 0 && (scroll.isTopCut || headings.at(topLine) === undefined);
  const around = isHeadingAbove ? headings.around(topLine) : undefined;
  const current = search.found?.lines[search.current];
  const find = search.query.regex || search.query.text === '' ? undefined : search.query.text;
  const sizes = {
    '--rows-height': `${Math.min(TALLEST_PX, Math.ceil(scroll.rowsPx))}px`,
    ...(belowPx === undefined ? {} : { '--room-below': `${belowPx}px` }),
  };
  const show = useCallback((line: number) => showLine(line), [showLine]);
  return (
    <section className="log" aria-label="Build log">
      <LogToolbar actions={actions} />
      {search.failure !== undefined && <Failure error={search.failure} />}
      {failure !== undefined && <Failure error={failure} />}
      <LogNotes build={build} lineCount={lineCount} />
      <section
        ref={scroll.scroller}
        className="log-scroller"
        style={sizes as CSSProperties}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log lines"
        onScroll={scroll.onScroll}
      >
        <div className="log-content" style={{ height: scroll.contentPx }}>
          <div className="log-layer">
            {around && <StickyHeading around={around} show={show} />}
            {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it have the keys */}
            <div ref={scroll.rows} className={`log-rows${wrapped ? ' wrapped' : ''}`} onKeyDown={moveFoldFocus}>
              {rows.map((line) => (
                <LogRow
                  key={keyOf(line)}
                  lineNumber={line}
                  line={store.line(line)}
                  style={store.style(line)}
                  fold={folds.at(line)}
                  closed={folds.isClosed(line)}
                  isFirstFold={line === firstFold}
                  heading={headings.at(line)}
                  selected={picked !== undefined && picked.first <= line && line <= picked.last}
                  isError={line === cause || line === errorLine}
                  isEnd={Status === 'FAILED' && line > lineCount - END_LINES}
                  hit={line === current ? 'current' : search.hits.has(line) ? 'hit' : 'none'}
                  times={times}
                  wrapped={wrapped}
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
        <span>{lineCountText(lineCount)}</span>
        <span>
          <kbd>?</kbd> keys
        </span>
      </footer>
    </section>
  );
}

/** How much of the window is below an element's top, before anybody scrolls. */
function roomBelowPx(element: HTMLElement | null): number | undefined {
  return element ? Math.round(innerHeight - element.getBoundingClientRect().top - scrollY - FOOT_PX) : undefined;
}
