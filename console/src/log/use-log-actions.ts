import { counted } from '@slipway/client/counted.ts';
import { useEffect, useRef, useState } from 'react';
import type { BuildDetail, Card } from '../api/build.ts';
import { getNative } from '../api/native-api.ts';
import { tellFailure } from '../failure/api-failure.ts';
import { COPY_LIMIT_LINES, copyLines, downloadLog } from './copy-lines.ts';
import type { Fold } from './folds.ts';
import type { LogActions } from './LogToolbar.tsx';
import type { LineRange } from './line-range.ts';
import { findFirstError } from './search-log.ts';
import type { LogScroll } from './use-log-scroll.ts';
import type { LogSearch } from './use-log-search.ts';

interface Shown {
  times: boolean;
  wrapped: boolean;
  wholeProgress: boolean;
}

interface LogParts {
  build: BuildDetail;
  growing: boolean;
  search: LogSearch;
  scroll: LogScroll;
  shown: Shown;
  setShown(change: (before: Shown) => Shown): void;
  folds: readonly Fold[];
  closed: ReadonlySet<number>;
  setClosed(closed: ReadonlySet<number>): void;
  picked: LineRange | undefined;
  showLine(line: number): void;
  /** After the next render, scrolls back to the first of these lines that is visible now. */
  keepShown(lines: readonly (number | undefined)[]): void;
  lineCount: number;
}

/** The actions of a log's buttons and keys. */
export function useLogActions(parts: LogParts) {
  const { build, growing, search, scroll, shown, setShown, folds, closed, setClosed, picked, showLine } = parts;
  const [notice, setNotice] = useState('');
  const searchField = useRef<HTMLInputElement>(null);
  const id = build.BuildRecordId;

  /** Runs an action that takes a while, and reports its result. */
  const say = (act: () => Promise<string>) => {
    setNotice('');
    act().then(setNotice, (error: unknown) => {
      const { title, detail } = tellFailure(error);
      setNotice(`${title}: ${detail}`);
    });
  };
  const { found, query } = search;
  /** A move to a hit, requested before the hits were known. */
  const wanted = useRef<1 | -1>(undefined);
  const stepHit = (by: 1 | -1) => {
    const lines = found?.lines ?? [];
    const isKnown = found !== undefined && (found.done || found.more || (by === 1 && lines.length > 0));
    wanted.current = isKnown || query.text === '' ? undefined : by;
    if (!isKnown || lines.length === 0) return;
    const next =
      search.current < 0 ? (by === 1 ? 0 : lines.length - 1) : (search.current + by + lines.length) % lines.length;
    search.setCurrent(next);
    showLine(lines[next] ?? 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query drops the move that was requested for the old one
  useEffect(() => {
    wanted.current = undefined;
  }, [query]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only new hits matter
  useEffect(() => {
    if (wanted.current !== undefined) stepHit(wanted.current);
  }, [found]);
  const firstError = async () => {
    const card = build.Status === 'FAILED' ? await getNative<Card>(`/builds/${id}/card`) : undefined;
    const line = card?.ErrorLine?.LineNumber ?? (await findFirstError(id));
    if (line === undefined) return 'No line looks like an error.';
    showLine(line);
    return `Line ${line} is the first line that looks like an error.`;
  };
  const copy = async () => {
    const range = picked ?? { first: 1, last: parts.lineCount };
    const count = range.last - range.first + 1;
    if (count > COPY_LIMIT_LINES)
      return `${counted(count, 'line')} are too many to copy: select some by their numbers, or download the log.`;
    await copyLines(id, range);
    return `Copied ${counted(count, 'line')}.`;
  };
  const download = async () => {
    await downloadLog(id);
    return 'Downloaded.';
  };
  const allFolded = folds.length > 0 && folds.every((fold) => closed.has(fold.firstLine));
  const actions: Omit<LogActions, 'searchField'> = {
    ...{ search, ...shown, growing, allFolded, notice, stepHit },
    following: scroll.following,
    firstError: () => say(firstError),
    foldAll: () => setClosed(new Set(allFolded ? [] : folds.map((fold) => fold.firstLine))),
    toggleTimes: () => setShown((before) => ({ ...before, times: !before.times })),
    toggleWrap: () => {
      parts.keepShown([search.found?.lines[search.current], picked?.first]);
      setShown((before) => ({ ...before, wrapped: !before.wrapped }));
    },
    toggleProgress: () => setShown((before) => ({ ...before, wholeProgress: !before.wholeProgress })),
    toStart: scroll.toStart,
    toEnd: scroll.toEnd,
    copy: () => say(copy),
    download: () => say(download),
  };
  return { actions, searchField };
}
