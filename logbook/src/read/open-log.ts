import { type LogPageRead, logPages } from '../format/log-channels.ts';
import { emptyPage, type LogLine, type Page } from '../format/page.ts';
import { RUN_FLAG } from '../format/run.ts';
import type { RunRow } from '../format/run-table.ts';
import type { Seal } from '../format/seal.ts';
import type { StoredLine } from '../format/stored-line.ts';
import type { TextSlice } from '../format/text-slice.ts';
import type { HotLog } from '../hot/hot-log.ts';
import type { SealedLog } from '../sealed/sealed-log.ts';
import type { LogWriter } from '../write/log-writer.ts';
import { ChangeSignal } from './change-signal.ts';

const COALESCE_MS = 10;
/**
 * The size of what a follower gets at once, unless a single line is longer. This much is held for each follower that
 * does not read.
 */
const EVENT_LIMIT = { lines: 64, bytes: 8 * 1024 };
/** Between two stored lines of a page; within a message, quotes follow backslashes. */
const BETWEEN_LINES = '},{"LineNumber":';

/** The current state of a log. */
export interface LogState {
  lineCount: number;
  sizeBytes: number;
  sealed: boolean;
  seal?: Seal;
}

/** An open log: the form that is read, hot or sealed, and those that wait for more lines. */
export class OpenLog {
  readonly logId: string;
  readonly changed = new ChangeSignal(COALESCE_MS);
  writer: LogWriter | undefined;
  /** How many follow it; a log in use is not closed. */
  followers = 0;
  /** No more lines will come: it was removed, or its logbook closed. */
  ended = false;
  #form: HotLog | SealedLog;
  #lastEvent: { offset: number; page: Page } | undefined;
  /** How many lines to read for the next event: if lines are long, far fewer fit into one. */
  #eventLines = EVENT_LIMIT.lines;

  constructor(logId: string, form: HotLog | SealedLog) {
    this.logId = logId;
    this.#form = form;
  }

  get form(): HotLog | SealedLog {
    return this.#form;
  }

  get lineCount(): number {
    return 'seal' in this.#form ? this.#form.seal.lineCount : this.#form.lineCount;
  }

  get sealed(): SealedLog | undefined {
    return 'seal' in this.#form ? this.#form : undefined;
  }

  get state(): LogState {
    const seal = this.sealed?.seal;
    if (seal === undefined) return { lineCount: this.lineCount, sizeBytes: this.#form.textBytes, sealed: false };
    return { lineCount: seal.lineCount, sizeBytes: seal.sizeBytes, sealed: true, seal };
  }

  get isIdle(): boolean {
    return this.writer === undefined && this.followers === 0;
  }

  page(offset: number, limit: number): Page {
    const page = this.#read(offset, limit, true);
    // A sealed log's bytes are those of an inflated block, which nobody changes.
    return this.sealed === undefined ? { ...page, bytes: Buffer.from(page.bytes) } : page;
  }

  /** Like `page`, but its bytes are valid only until the engine's next read. */
  view(offset: number, limit: number): Page {
    return this.#read(offset, limit, false);
  }

  /** Lines from a given one on, in stored form, as many as one read returns; none at the end. */
  textFrom(fromLine: number): TextSlice {
    if (!Number.isSafeInteger(fromLine) || fromLine < 1) throw new RangeError(`not a line number: ${fromLine}`);
    return this.#form.textFrom(fromLine);
  }

  /** Bytes of the NDJSON from an offset on, at most `limitBytes` and possibly fewer; none at the end. */
  read(offsetBytes: number, limitBytes: number): Buffer {
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0) throw new RangeError(`not an offset: ${offsetBytes}`);
    return this.#form.read(offsetBytes, limitBytes);
  }

  /**
   * The lines that a follower gets after the first `offset`. Consecutive callers with the same offset get the same
   * bytes.
   */
  event(offset: number): Page {
    const last = this.#lastEvent;
    if (last?.offset === offset && last.page.totalCount === this.lineCount) return last.page;
    const read = this.view(offset, this.#eventLines);
    const page = withinBytes(read, EVENT_LIMIT.bytes);
    const fitting = page === read ? this.#eventLines : page.lineCount;
    this.#eventLines = Math.min(2 * fitting, EVENT_LIMIT.lines);
    const event = { ...page, bytes: Buffer.from(page.bytes) };
    this.#lastEvent = event.lineCount > 0 ? { offset, page: event } : undefined;
    return event;
  }

  lines(offset: number, limit: number): LogLine[] {
    const page = this.view(offset, limit);
    if (page.lineCount === 0) return [];
    const stored = JSON.parse(`[${page.bytes.toString('utf8')}]`) as StoredLine[];
    const runs: Iterator<RunRow> = this.#form.runs(page.firstLine);
    let run = runs.next();
    return stored.map((line) => {
      while (run.done !== true && run.value.firstLine + run.value.lineCount <= line.LineNumber) run = runs.next();
      if (run.done === true) throw new Error(`line ${line.LineNumber} of ${this.logId} is in no run`);
      return withRun(line, run.value);
    });
  }

  /** Replaces the hot form by the sealed one: the same lines, the same bytes. */
  becomeSealed(sealed: SealedLog): void {
    const hot = this.#form;
    this.#form = sealed;
    this.writer = undefined;
    hot.close();
    this.changed.notifyNow();
  }

  close(): void {
    this.ended = true;
    this.#form.close();
    this.changed.notifyNow();
  }

  #read(offset: number, limit: number, keep: boolean): Page {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`not an offset: ${offset}`);
    if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`not a limit: ${limit}`);
    if (limit === 0) return emptyPage(this.lineCount, offset);
    if (!logPages.hasSubscribers) return this.#form.page(offset, limit, keep);
    const startMs = performance.now();
    const page = this.#form.page(offset, limit, keep);
    logPages.publish({ durationMs: performance.now() - startMs } satisfies LogPageRead);
    return page;
  }
}

/** As many of a page's lines as fit, and at least its first. */
function withinBytes(page: Page, limitBytes: number): Page {
  const { firstLine, bytes } = page;
  if (bytes.length <= limitBytes) return page;
  const last = bytes.lastIndexOf(BETWEEN_LINES, limitBytes - 1);
  const end = last === -1 ? bytes.indexOf(BETWEEN_LINES) : last;
  if (end === -1) return page;
  const numberAt = end + BETWEEN_LINES.length;
  const nextLine = Number(bytes.toString('latin1', numberAt, bytes.indexOf(',', numberAt)));
  return { ...page, lineCount: nextLine - firstLine, bytes: bytes.subarray(0, end + 1) };
}

function withRun(line: StoredLine, run: RunRow): LogLine {
  const isLast = line.LineNumber === run.firstLine + run.lineCount - 1;
  return {
    lineNumber: line.LineNumber,
    message: line.Message,
    stage: line.BuildStage,
    step: run.step,
    attempt: run.attempt,
    timeMs: run.timeMs === 0 ? undefined : run.timeMs,
    continued: isLast && (run.flags & RUN_FLAG.continued) !== 0,
  };
}
