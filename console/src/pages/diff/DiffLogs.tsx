import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { plainText } from '../../log/line-text.ts';
import { contentHeightPx, topRowAt } from '../../log/scroll/scroll-scale.ts';
import { linesQuery, PAGE_LINES } from './diff-queries.ts';
import { type DiffRow, diffRows } from './diff-rows.ts';

/** A log, and the line at which it parts from the other. */
export interface DiffLog {
  id: string;
  name: string;
  from: number;
}

const ROW_PX = 20;
const ALIGNED_LINES = 400;
const SHOWN_CHARS = 1000;
const NARROW = '(max-width: 899px)';

/** Two logs beside each other from where they part, or below each other on a narrow screen. Lines are read as they are scrolled to. */
export function DiffLogs({ build, other }: { build: DiffLog; other: DiffLog }) {
  const isUnified = useNarrow();
  const { data: buildPage, error: buildError } = useQuery(linesQuery(build.id, build.from - 1, ALIGNED_LINES));
  const { data: otherPage, error: otherError } = useQuery(linesQuery(other.id, other.from - 1, ALIGNED_LINES));
  const rows = useMemo(() => {
    if (!buildPage || !otherPage) return undefined;
    const messages = (page: typeof buildPage) => page.Lines.map((line) => line.Message);
    return diffRows(
      { from: build.from, last: buildPage.TotalCount, lines: messages(buildPage) },
      { from: other.from, last: otherPage.TotalCount, lines: messages(otherPage) },
      isUnified,
    );
  }, [buildPage, otherPage, build.from, other.from, isUnified]);
  const error = buildError ?? otherError;
  if (error) return <Failure error={error} />;
  if (!rows) return <p className="quiet">Reading…</p>;
  if (rows.count === 0) return <p className="quiet">Both logs end here.</p>;
  return <VirtualRows rows={rows} build={build} other={other} isUnified={isUnified} />;
}

interface VirtualProps {
  rows: ReturnType<typeof diffRows>;
  build: DiffLog;
  other: DiffLog;
  isUnified: boolean;
}

function VirtualRows({ rows, build, other, isUnified }: VirtualProps) {
  const place = useRef<HTMLElement>(null);
  const [topPx, setTopPx] = useState(0);
  const [viewPx, setViewPx] = useState(400);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setViewPx(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const view = { rowCount: rows.count, rowHeightPx: ROW_PX, heightPx: viewPx };
  const topRow = topRowAt(topPx, view);
  const first = Math.floor(topRow);
  const count = Math.min(Math.ceil(viewPx / ROW_PX) + 1, rows.count - first);
  const shown = Array.from({ length: count }, (_, index) => ({ index: first + index, row: rows.at(first + index) }));
  const buildLines = useLines(
    build.id,
    shown.flatMap(({ row }) => row.build ?? []),
  );
  const otherLines = useLines(
    other.id,
    shown.flatMap(({ row }) => row.other ?? []),
  );
  const side = { build, other, buildLines, otherLines };
  return (
    <section
      ref={place}
      className={`diff-rows${isUnified ? ' unified' : ''}`}
      aria-label="Logs from where they part"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      onScroll={(event) => setTopPx(event.currentTarget.scrollTop)}
    >
      {/* A short list does not fill the view: the pane is only as tall as its rows. */}
      <div style={{ height: Math.min(contentHeightPx(view), rows.count * ROW_PX) }}>
        <div className="diff-window" style={{ transform: `translateY(${topPx - (topRow - first) * ROW_PX}px)` }}>
          {shown.map(({ index, row }) =>
            isUnified ? (
              <UnifiedRow key={index} row={row} isFirst={index === 0} {...side} />
            ) : (
              <div key={index} className="diff-row">
                <Cell
                  log={build}
                  line={row.build}
                  text={buildLines(row.build)}
                  sign={signOf(row, '+')}
                  isFirst={index === 0}
                />
                <Cell
                  log={other}
                  line={row.other}
                  text={otherLines(row.other)}
                  sign={signOf(row, '−')}
                  isFirst={index === 0}
                />
              </div>
            ),
          )}
        </div>
      </div>
    </section>
  );
}

type Lines = (line: number | undefined) => string | undefined;

interface UnifiedProps {
  row: DiffRow;
  isFirst: boolean;
  build: DiffLog;
  other: DiffLog;
  buildLines: Lines;
  otherLines: Lines;
}

function UnifiedRow({ row, isFirst, build, other, buildLines, otherLines }: UnifiedProps) {
  const isBuild = row.build !== undefined;
  return (
    <div className="diff-row">
      <Cell
        log={isBuild ? build : other}
        line={row.build ?? row.other}
        text={isBuild ? buildLines(row.build) : otherLines(row.other)}
        sign={row.kind === 'same' ? ' ' : isBuild ? '+' : '−'}
        isFirst={isFirst}
      />
    </div>
  );
}

function signOf({ kind }: DiffRow, sign: string): string {
  return kind === 'changed' ? sign : ' ';
}

/** A line, whose number leads into its log. The sign says what the colour says. */
function Cell(props: {
  log: DiffLog;
  line: number | undefined;
  text: string | undefined;
  sign: string;
  isFirst: boolean;
}) {
  const { log, line, text, sign, isFirst } = props;
  if (line === undefined) return <div className="diff-cell none" />;
  const shown = text === undefined ? undefined : plainText(text.slice(0, SHOWN_CHARS));
  const classes = { '+': ' added', '−': ' removed' }[sign] ?? '';
  return (
    <div className={`diff-cell${classes}`}>
      <Link
        to="/builds/$id"
        params={{ id: log.id }}
        hash={`L${line}`}
        // One stop is enough: the region scrolls by keys, and each log has the rest.
        tabIndex={isFirst ? 0 : -1}
        aria-label={`${log.name}, line ${line}`}
      >
        {line}
      </Link>
      <span className="diff-sign">{sign}</span>
      <code title={shown}>{shown ?? '…'}</code>
    </div>
  );
}

/** The texts of lines; reads the pages that have them, and forgets those that are out of view for a while. */
function useLines(id: string, lines: readonly number[]): Lines {
  const pages = [...new Set(lines.map((line) => Math.floor((line - 1) / PAGE_LINES)))];
  const results = useQueries({ queries: pages.map((page) => linesQuery(id, page * PAGE_LINES, PAGE_LINES)) });
  const found = new Map(pages.map((page, at) => [page, results[at]?.data?.Lines]));
  return (line) => {
    if (line === undefined) return undefined;
    const page = Math.floor((line - 1) / PAGE_LINES);
    return found.get(page)?.[line - 1 - page * PAGE_LINES]?.Message;
  };
}

function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(NARROW);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(NARROW).matches,
  );
}
