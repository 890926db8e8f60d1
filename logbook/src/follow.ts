import type { OpenLog } from './open-log.ts';
import type { Page } from './page.ts';

/** Lines that a follower gets at once. `sealed` says that they are the last; there may be none. */
export type FollowEvent = Pick<Page, 'firstLine' | 'lineCount' | 'bytes'> & { sealed: boolean };

/** A follower that is behind gets at most so many lines at once. */
const EVENT_LIMIT_LINES = 64;

/**
 * Gives a log's lines from `fromLine` on: what is there, then what comes, as it is committed. Ends after the event that says
 * `sealed`, when `signal` is aborted, and when the log is removed or closed. It holds a position and no lines.
 */
export async function* followLog(
  open: () => OpenLog,
  fromLine: number,
  signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void> {
  const log = open();
  let wake = (): void => undefined;
  // One listener for all waits: with many followers, listening anew for each event took as long as sending it.
  const stop = (): void => wake();
  signal?.addEventListener('abort', stop, { once: true });
  log.followers += 1;
  try {
    let next = fromLine;
    while (signal?.aborted !== true && !log.ended) {
      const page = log.sharedPage(next - 1, EVENT_LIMIT_LINES);
      next += page.lineCount;
      const sealed = log.sealed !== undefined && next > log.lineCount;
      if (page.lineCount > 0 || sealed)
        yield { firstLine: page.firstLine, lineCount: page.lineCount, bytes: page.bytes, sealed };
      if (sealed) return;
      if (page.lineCount > 0 || signal?.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        log.changed.next(resolve);
      });
      log.changed.forget(wake);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    log.followers -= 1;
  }
}
