import { counted } from '@slipway/client/counted.ts';
import { type RefObject, useRef } from 'react';
import { COPY_LIMIT_LINES, copyLines, downloadLog } from './copy-lines.ts';
import type { LineRange } from './line-range.ts';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import type { ErrorSteps } from './use-errors.ts';
import type { LogFolds } from './use-folds.ts';
import { useHitSteps } from './use-hit-steps.ts';
import type { LogSearch } from './use-log-search.ts';
import { useNotice } from './use-notice.ts';
import type { ShownLine } from './use-shown-line.ts';

/** What is shown of each line, and how. */
export interface LogLook {
  times: boolean;
  wrapped: boolean;
  wholeProgress: boolean;
}

/** The actions of a log, which its buttons and keys call. */
export interface LogActions extends LogLook {
  search: LogSearch;
  searchField: RefObject<HTMLInputElement | null>;
  following: boolean;
  growing: boolean;
  anyFolded: boolean;
  /** The result of the last action, or why it failed; announced once. */
  notice: string;
  stepHit(by: 1 | -1): void;
  firstError(): void;
  nextError(): void;
  foldAll(): void;
  toggleTimes(): void;
  toggleWrap(): void;
  toggleProgress(): void;
  toStart(): void;
  toEnd(): void;
  /** Starts or stops following the end; of a build that has ended, goes there. */
  follow(): void;
  copy(): void;
  download(): void;
}

/** The parts of a log that its buttons and keys act on. */
interface LogParts {
  id: string;
  growing: boolean;
  lineCount: number;
  search: LogSearch;
  scroll: LogScroll;
  folds: LogFolds;
  shownLine: ShownLine;
  errors: ErrorSteps;
  picked: LineRange | undefined;
  look: LogLook;
  setLook(change: (before: LogLook) => LogLook): void;
}

/** The actions of a log's buttons and keys. */
export function useLogActions(parts: LogParts): LogActions {
  const { id, growing, search, scroll, folds, errors, picked, look, setLook } = parts;
  const { showLine, keepShown } = parts.shownLine;
  const [notice, run] = useNotice();
  const stepHit = useHitSteps(search, showLine);
  const searchField = useRef<HTMLInputElement>(null);
  return {
    ...look,
    search,
    searchField,
    growing,
    following: scroll.following,
    anyFolded: folds.anyClosed,
    notice,
    stepHit,
    firstError: () => run(errors.first),
    nextError: () => run(errors.next),
    foldAll: folds.toggleAll,
    toggleTimes: () => setLook((before) => ({ ...before, times: !before.times })),
    toggleWrap: () => {
      keepShown([search.found?.lines[search.current], picked?.first]);
      setLook((before) => ({ ...before, wrapped: !before.wrapped }));
    },
    toggleProgress: () => setLook((before) => ({ ...before, wholeProgress: !before.wholeProgress })),
    toStart: scroll.toStart,
    toEnd: scroll.toEnd,
    follow: () => (scroll.following ? scroll.stopFollowing() : scroll.toEnd()),
    copy: () => run(() => copyRange(id, picked ?? { first: 1, last: parts.lineCount })),
    download: () => run(() => downloadLog(id).then(() => 'Downloaded.')),
  };
}

async function copyRange(id: string, range: LineRange): Promise<string> {
  const count = range.last - range.first + 1;
  if (count > COPY_LIMIT_LINES)
    return `${counted(count, 'line')} are too many to copy: select some by their numbers, or download the log.`;
  await copyLines(id, range);
  return `Copied ${counted(count, 'line')}.`;
}
