import { type Answer, withAnswer } from '../format/answer.ts';
import { type LogPageRead, logPages } from '../format/log-channels.ts';
import { emptyPage, type Page } from '../format/page.ts';
import type { RunRow } from '../format/run-table.ts';
import type { TextSlice } from '../format/text-slice.ts';
import type { HotLog } from '../hot/hot-log.ts';
import type { SealedLog } from '../sealed/sealed-log.ts';
import type { LogWriter } from '../write/log-writer.ts';
import { ChangeSignal } from './change-signal.ts';
import type { LogState } from './log-reader.ts';

const COALESCE_MS = 10;

/** An open log: the form that is read, hot or sealed, and those that wait for more lines. */
export class OpenLog {
  readonly logId: string;
  readonly changed = new ChangeSignal(COALESCE_MS);
  writer: LogWriter | undefined;
  /** How many wait for more lines; a log in use is not closed. */
  #waiting = 0;
  /** No more lines will come: it was removed, or its logbook closed. */
  #ended = false;
  #form: HotLog | SealedLog;

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
    return this.writer === undefined && this.#waiting === 0;
  }

  page(offset: number, limit: number): Answer<Page> {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`not an offset: ${offset}`);
    if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`not a limit: ${limit}`);
    if (limit === 0) return emptyPage(this.lineCount, this.sealed !== undefined, offset);
    if (!logPages.hasSubscribers) return this.#form.page(offset, limit);
    const startMs = performance.now();
    return withAnswer(this.#form.page(offset, limit), (page) => {
      logPages.publish({ durationMs: performance.now() - startMs } satisfies LogPageRead);
      return page;
    });
  }

  /** Lines from a given one on, in stored form, as many as one read returns; none at the end. */
  textFrom(fromLine: number): Answer<TextSlice> {
    if (!Number.isSafeInteger(fromLine) || fromLine < 1) throw new RangeError(`not a line number: ${fromLine}`);
    return this.#form.textFrom(fromLine);
  }

  /** Bytes of the NDJSON from an offset on, at most `limitBytes` and possibly fewer; none at the end. */
  read(offsetBytes: number, limitBytes: number): Answer<Buffer> {
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0) throw new RangeError(`not an offset: ${offsetBytes}`);
    return this.#form.read(offsetBytes, limitBytes);
  }

  /** The runs from the one that contains `fromLine` to the one that contains `toLine`, at most `limit`. */
  runs(fromLine: number, toLine: number, limit: number): RunRow[] {
    const rows: RunRow[] = [];
    for (const run of this.#form.runs(fromLine)) {
      if (run.firstLine > toLine) break;
      rows.push(run);
      if (rows.length === limit || run.firstLine + run.lineCount > toLine) break;
    }
    return rows;
  }

  /** See `LogReader`. */
  whenMore(afterLine: number, wake: () => void): Disposable {
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.#waiting -= 1;
      this.changed.forget(look);
    };
    const look = (): void => {
      if (isOver) return;
      if (this.lineCount > afterLine || this.sealed !== undefined || this.#ended) {
        end();
        wake();
      } else this.changed.next(look);
    };
    this.#waiting += 1;
    if (this.lineCount > afterLine || this.sealed !== undefined) queueMicrotask(look);
    else this.changed.next(look);
    return { [Symbol.dispose]: end };
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
    this.#ended = true;
    this.#form.close();
    this.changed.notifyNow();
  }
}
