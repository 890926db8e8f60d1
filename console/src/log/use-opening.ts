import { useEffect, useRef, useState } from 'react';
import { type Card, isFinal, type LoggedBuild } from '../api/build.ts';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import type { LogFolds } from './use-folds.ts';

/** What a log is opened with. */
interface OpeningMeans {
  build: LoggedBuild;
  /** Why the build failed, once it is known. */
  card: Card | undefined;
  lineCount: number;
  /** Whether it is known where the steps are. */
  hasSections: boolean;
  folds: LogFolds;
  scroll: LogScroll;
  /** Leaves the log as much of the window as is below it now. */
  fitWindow(): void;
  /** Selects a line, and shows it after the next render. */
  openAt(line: number): void;
}

/**
 * Opens a log where a reader wants to begin: a running build at its end, a failed one at the line that tells why, with
 * all other steps folded, and any other one at its start. An address with a line comes first. Returns the line that
 * tells why the build failed.
 */
export function useOpening({
  build,
  card,
  lineCount,
  hasSections,
  folds,
  scroll,
  fitWindow,
  openAt,
}: OpeningMeans): number | undefined {
  const failed = build.Status === 'FAILED';
  const opened = useRef(false);
  const [began] = useState(() => ({ failed, hash: location.hash }));
  // Without a line of a program, the builder's reason: the last line before the one that ends the stage.
  const cause = failed ? card && (card.ErrorLine?.LineNumber ?? Math.max(1, lineCount - 1)) : undefined;
  useEffect(() => {
    if (opened.current || lineCount === 0) return;
    if (!began.failed) {
      opened.current = true;
      // A build that has ended opens at its start, also during the moment until its log is sealed.
      if (!isFinal(build.Status) && began.hash === '') scroll.toEnd();
      return;
    }
    if (cause === undefined || !hasSections) return;
    opened.current = true;
    const isAsked = location.hash === '' || location.hash === `#L${cause}`;
    if (!isAsked || scroll.topRow > 0) return;
    fitWindow();
    folds.closeOthers([cause, card?.Step?.FirstLine ?? cause]);
    openAt(cause);
  });
  return cause;
}
