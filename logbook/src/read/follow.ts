import type { Answer } from '../format/answer.ts';
import { type LogReader, NoSuchLog } from './log-reader.ts';
import type { LogTail, TailEvent } from './log-tail.ts';

/** Lines that a follower gets at once. `sealed` says that they are the last; there may be none. */
export type FollowEvent = Pick<TailEvent, 'firstLine' | 'lineCount' | 'bytes' | 'sealed'>;

/** What a cursor needs of its log. */
interface CursorMeans {
  log: Pick<LogReader, 'whenMore'>;
  /** Shared with the other followers of the log. */
  tail: LogTail;
}

/** The position of a follower in a log: a line number, and a function to wake it. It holds no lines, and must be closed. */
export class LogCursor {
  readonly #means: CursorMeans;
  readonly #wake: () => void;
  #nextLine: number;
  #isBehind = true;
  #end: 'sealed' | 'closed' | undefined;
  #isClosed = false;
  #waiting: Disposable | undefined;
  readonly #take = (page: TailEvent): FollowEvent | undefined => this.#eventOf(page);
  readonly #refuse = (error: unknown): undefined => this.#endIfGone(error);

  /** `wake` is called once after each `next` that returned nothing, as soon as there may be more. */
  constructor(means: CursorMeans, fromLine: number, wake: () => void) {
    this.#means = means;
    this.#nextLine = fromLine;
    this.#wake = wake;
    means.tail.cursors += 1;
  }

  /**
   * Why no more will come: the event with `sealed` was returned, or the log was removed or its logbook closed, or the
   * cursor was.
   */
  get end(): 'sealed' | 'closed' | undefined {
    return this.#end;
  }

  /** Whether there are lines that were not returned yet, as far as the last read tells. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /**
   * The available lines, from the first that was not returned yet; undefined if there are none. One call at a time. A
   * log on this machine answers at once.
   */
  next(): Answer<FollowEvent | undefined> {
    if (this.#end !== undefined) return undefined;
    try {
      const page = this.#means.tail.event(this.#nextLine - 1);
      return page instanceof Promise ? page.then(this.#take).catch(this.#refuse) : this.#take(page);
    } catch (error) {
      return this.#refuse(error);
    }
  }

  /** Closes it; may be called more than once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end ??= 'closed';
    this.#waiting?.[Symbol.dispose]();
    this.#means.tail.leave();
  }

  #eventOf({ firstLine, lineCount, bytes, totalCount, sealed }: TailEvent): FollowEvent | undefined {
    // It may have been closed while the page was read.
    if (this.#end !== undefined) return undefined;
    this.#nextLine += lineCount;
    this.#isBehind = this.#nextLine <= totalCount;
    const isLast = sealed && !this.#isBehind;
    if (isLast) this.#end = 'sealed';
    else if (lineCount === 0) {
      this.#waiting = this.#means.log.whenMore(this.#nextLine - 1, this.#wake);
      return undefined;
    }
    return { firstLine, lineCount, bytes, sealed: isLast };
  }

  #endIfGone(error: unknown): undefined {
    if (!(error instanceof NoSuchLog)) throw error;
    this.#end ??= 'closed';
  }
}

/**
 * Yields a log's lines from a cursor's line on: first those that exist, then new ones as they are committed. Ends after
 * the event with `sealed`, when `signal` is aborted, and when the log is removed or closed.
 */
export async function* followLog(
  open: (wake: () => void) => LogCursor,
  signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void> {
  let wake = (): void => undefined;
  const cursor = open(() => wake());
  // A single listener for all waits: with many followers, adding one for each event took as long as sending it.
  const stop = (): void => {
    cursor.close();
    wake();
  };
  if (signal?.aborted) cursor.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    while (cursor.end === undefined) {
      // Made before the read: the log may grow before its answer is here.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const event = await cursor.next();
      if (event !== undefined) yield event;
      else if (cursor.end === undefined) await woken;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    cursor.close();
  }
}
