import type { Page } from '../format/page.ts';
import type { OpenLog } from './open-log.ts';

/** Lines that a follower gets at once. `sealed` says that they are the last; there may be none. */
export type FollowEvent = Pick<Page, 'firstLine' | 'lineCount' | 'bytes'> & { sealed: boolean };

/**
 * The position of a follower in a log: a line number, and a function to wake it. It holds no lines. A log with cursors
 * stays open, so each cursor must be closed.
 */
export class LogCursor {
  readonly #log: OpenLog;
  readonly #wake: () => void;
  #nextLine: number;
  #end: 'sealed' | 'closed' | undefined;
  #isClosed = false;

  /** `wake` is called once after each `next` that returned nothing, as soon as there may be more. */
  constructor(log: OpenLog, fromLine: number, wake: () => void) {
    this.#log = log;
    this.#nextLine = fromLine;
    this.#wake = wake;
    log.followers += 1;
  }

  /**
   * Why no more will come: the event with `sealed` was returned, or the log was removed or closed, or the cursor was.
   */
  get end(): 'sealed' | 'closed' | undefined {
    return this.#end ?? (this.#log.ended ? 'closed' : undefined);
  }

  /** Whether there are lines that were not returned yet. */
  get isBehind(): boolean {
    return this.#nextLine <= this.#log.lineCount;
  }

  /** The available lines, from the first that was not returned yet; undefined if there are none. */
  next(): FollowEvent | undefined {
    const log = this.#log;
    if (this.end !== undefined) return undefined;
    const { firstLine, lineCount, bytes } = log.event(this.#nextLine - 1);
    this.#nextLine += lineCount;
    const sealed = log.sealed !== undefined && !this.isBehind;
    if (sealed) this.#end = 'sealed';
    else if (lineCount === 0) {
      log.changed.next(this.#wake);
      return undefined;
    }
    return { firstLine, lineCount, bytes, sealed };
  }

  /** Closes it; may be called more than once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end ??= 'closed';
    this.#log.changed.forget(this.#wake);
    this.#log.followers -= 1;
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
      const event = cursor.next();
      if (event !== undefined) yield event;
      else if (cursor.end === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    cursor.close();
  }
}
