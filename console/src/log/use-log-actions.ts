import { counted } from '@slipway/client/counted.ts';
import { useRef } from 'react';
import type { BuildDetail, Card } from '../api/build.ts';
import { getNative } from '../api/native-api.ts';
import { COPY_LIMIT_LINES, copyLines, downloadLog } from './copy-lines.ts';
import type { LogActions } from './LogToolbar.tsx';
import type { LineRange } from './line-range.ts';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import { findFirstError } from './search-log.ts';
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

/** The parts of a log that its buttons and keys act on. */
interface LogParts {
  build: BuildDetail;
  growing: boolean;
  lineCount: number;
  search: LogSearch;
  scroll: LogScroll;
  folds: LogFolds;
  shownLine: ShownLine;
  picked: LineRange | undefined;
  look: LogLook;
  setLook(change: (before: LogLook) => LogLook): void;
}

/** The actions of a log's buttons and keys. */
export function useLogActions(parts: LogParts): LogActions {
  const { build, search, scroll, folds, picked, look, setLook } = parts;
  const { showLine, keepShown } = parts.shownLine;
  const [notice, run] = useNotice();
  const stepHit = useHitSteps(search, showLine);
  const searchField = useRef<HTMLInputElement>(null);
  return {
    ...look,
    search,
    searchField,
    growing: parts.growing,
    following: scroll.following,
    allFolded: folds.allClosed,
    notice,
    stepHit,
    firstError: () => run(() => showFirstError(build, showLine)),
    foldAll: folds.toggleAll,
    toggleTimes: () => setLook((before) => ({ ...before, times: !before.times })),
    toggleWrap: () => {
      keepShown([search.found?.lines[search.current], picked?.first]);
      setLook((before) => ({ ...before, wrapped: !before.wrapped }));
    },
    toggleProgress: () => setLook((before) => ({ ...before, wholeProgress: !before.wholeProgress })),
    toStart: scroll.toStart,
    toEnd: scroll.toEnd,
    copy: () => run(() => copyRange(build.BuildRecordId, picked ?? { first: 1, last: parts.lineCount })),
    download: () => run(() => downloadLog(build.BuildRecordId).then(() => 'Downloaded.')),
  };
}

async function showFirstError(build: BuildDetail, showLine: (line: number) => void): Promise<string> {
  const id = build.BuildRecordId;
  const card = build.Status === 'FAILED' ? await getNative<Card>(`/builds/${id}/card`) : undefined;
  const line = card?.ErrorLine?.LineNumber ?? (await findFirstError(id));
  if (line === undefined) return 'No line looks like an error.';
  showLine(line);
  return `Line ${line} is the first line that looks like an error.`;
}

async function copyRange(id: string, range: LineRange): Promise<string> {
  const count = range.last - range.first + 1;
  if (count > COPY_LIMIT_LINES)
    return `${counted(count, 'line')} are too many to copy: select some by their numbers, or download the log.`;
  await copyLines(id, range);
  return `Copied ${counted(count, 'line')}.`;
}
