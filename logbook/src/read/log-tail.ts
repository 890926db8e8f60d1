import type { Answer } from '../format/answer.ts';
import type { Page } from '../format/page.ts';
import type { LogReader } from './log-reader.ts';

/**
 * The size of what a follower gets at once, unless a single line is longer. This much is held for each follower that
 * does not read.
 */
const EVENT_LIMIT = { lines: 64, bytes: 8 * 1024 };
/** Between two stored lines of a page; within a message, quotes follow backslashes. */
const BETWEEN_LINES = '},{"LineNumber":';

/** Lines that followers get. */
export interface TailEvent extends Omit<Page, 'latin1'> {
  /** The lines' JSON objects, joined by commas. Followers at the same line share it. */
  bytes: Buffer;
}

/** What the followers of one log share: each event is read once for all that are at the same line. */
export class LogTail {
  cursors = 0;
  readonly #log: Pick<LogReader, 'page'>;
  readonly #onIdle: () => void;
  /** The last event, or the one that is being read. A log's lines never change, so it stays right. */
  #last: { offset: number; event: Answer<TailEvent> } | undefined;
  /** How many lines to read for the next event: if lines are long, far fewer fit into one. */
  #eventLines = EVENT_LIMIT.lines;

  /** `onIdle` is called when the last cursor is closed. */
  constructor(log: Pick<LogReader, 'page'>, onIdle: () => void) {
    this.#log = log;
    this.#onIdle = onIdle;
  }

  /** The lines that a follower gets after the first `offset`. Callers with the same offset get the same bytes. */
  event(offset: number): Answer<TailEvent> {
    if (this.#last?.offset === offset) return this.#last.event;
    const read = this.#log.page(offset, this.#eventLines);
    if (!(read instanceof Promise)) return this.#keep(offset, read);
    const event = read.then((page) => this.#keep(offset, page));
    this.#last = { offset, event };
    event.catch(() => this.#forget(offset));
    return event;
  }

  /** A cursor was closed. */
  leave(): void {
    this.cursors -= 1;
    if (this.cursors === 0) this.#onIdle();
  }

  #keep(offset: number, read: Page): TailEvent {
    const page = withinBytes(read, EVENT_LIMIT.bytes);
    const fitting = page === read ? this.#eventLines : page.lineCount;
    this.#eventLines = Math.min(2 * fitting, EVENT_LIMIT.lines);
    const { latin1, ...rest } = page;
    const event = { ...rest, bytes: Buffer.from(latin1, 'latin1') };
    if (event.lineCount > 0) this.#last = { offset, event };
    else this.#forget(offset);
    return event;
  }

  #forget(offset: number): void {
    if (this.#last?.offset === offset) this.#last = undefined;
  }
}

/** As many of a page's lines as fit, and at least its first. */
function withinBytes(page: Page, limitBytes: number): Page {
  const { firstLine, latin1 } = page;
  if (latin1.length <= limitBytes) return page;
  const last = latin1.lastIndexOf(BETWEEN_LINES, limitBytes - 1);
  const end = last === -1 ? latin1.indexOf(BETWEEN_LINES) : last;
  if (end === -1) return page;
  const numberAt = end + BETWEEN_LINES.length;
  const nextLine = Number(latin1.slice(numberAt, latin1.indexOf(',', numberAt)));
  return { ...page, lineCount: nextLine - firstLine, latin1: latin1.slice(0, end + 1) };
}
