import { failpoint } from '../disk/failpoint.ts';
import { type LogAppended, logAppends } from '../format/log-channels.ts';
import type { Counts } from '../format/log-counts.ts';
import type { JournalLog } from '../hot/journal.ts';
import { Batch } from './batch.ts';
import type { StageMark } from './stage-mark.ts';

interface Mark {
  line: number;
  resolve: (lineCount: number) => void;
  reject: (error: Error) => void;
}

/** Callbacks of the committer. `onCommit` comes after each batch, when its lines are visible. */
export interface CommitterEvents {
  onCommit: () => void;
  onFailure: (failure: Error) => void;
}

/**
 * Group commit: lines added while a batch is being committed become the next batch. A batch is committed when the
 * journal has it durably; only then do its lines become visible. The first batch that fails ends the committer for
 * good.
 */
export class Committer {
  readonly #logId: string;
  readonly #log: JournalLog;
  readonly #events: CommitterEvents;
  #batch: Batch;
  #isCommitting = false;
  /** Bytes of the batch that is being committed. */
  #committingBytes = 0;
  #running: Promise<void> = Promise.resolve();
  #marks: Mark[] = [];
  #failure: Error | undefined;
  /** Counts that are not in the index yet. */
  #counts: Counts | undefined;

  constructor(logId: string, log: JournalLog, events: CommitterEvents) {
    this.#logId = logId;
    this.#log = log;
    this.#events = events;
    this.#batch = new Batch(log.lineCount + 1, log.textBytes);
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Lines and bytes of text so far, committed or not. */
  get addedLines(): number {
    return this.#batch.firstLine + this.#batch.lineCount - 1;
  }

  get addedBytes(): number {
    return this.#batch.offsetBytes + this.#batch.sizeBytes;
  }

  /** Bytes that wait for the disk. */
  get inFlightBytes(): number {
    return this.#batch.sizeBytes + this.#committingBytes;
  }

  /** Adds a line; `start` must follow in the same turn. */
  add(message: string, mark: StageMark, timeMs: number, continued: boolean): void {
    this.#batch.add(message, mark, timeMs, continued);
  }

  /** Puts counts into the index, with the lines of the next commit. */
  note(counts: Counts): void {
    this.#counts = counts;
  }

  /** Begins a commit if there is something to commit and none is running. */
  start(): void {
    if (this.#isCommitting || !this.#hasWork || this.#failure !== undefined) return;
    this.#isCommitting = true;
    this.#running = this.#commitAll();
  }

  /** Resolves, with the number of committed lines, when all lines added so far are committed. */
  committed(): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.addedLines <= this.#log.lineCount) return Promise.resolve(this.#log.lineCount);
    return new Promise((resolve, reject) => {
      this.#marks.push({ line: this.addedLines, resolve, reject });
    });
  }

  /** Resolves when no write is in progress: the files may be closed. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #commitAll(): Promise<void> {
    // Lines written in the same turn go into the same batch.
    await Promise.resolve();
    while (this.#hasWork && this.#failure === undefined) {
      const batch = this.#batch;
      this.#batch = new Batch(batch.firstLine + batch.lineCount, batch.offsetBytes + batch.sizeBytes);
      this.#committingBytes = batch.sizeBytes;
      const startMs = performance.now();
      try {
        await this.#commit(batch);
      } catch (cause) {
        this.#fail(new Error(`append to log ${this.#logId}`, { cause }));
        break;
      }
      this.#committingBytes = 0;
      this.#settleMarks();
      if (logAppends.hasSubscribers && batch.lineCount > 0) {
        const durationMs = performance.now() - startMs;
        logAppends.publish({ lineCount: batch.lineCount, durationMs } satisfies LogAppended);
      }
      failpoint('append.afterAck');
      this.#events.onCommit();
    }
    this.#isCommitting = false;
  }

  get #hasWork(): boolean {
    return this.#batch.lineCount > 0 || this.#counts !== undefined;
  }

  #commit(batch: Batch): Promise<void> {
    const counts = this.#counts;
    this.#counts = undefined;
    const { firstLine, offsetBytes, runs } = batch;
    return this.#log.append({ firstLine, offsetBytes, text: batch.finish(), runs, counts });
  }

  #settleMarks(): void {
    const { lineCount } = this.#log;
    const done = this.#marks.filter((mark) => mark.line <= lineCount);
    this.#marks = this.#marks.filter((mark) => mark.line > lineCount);
    for (const mark of done) mark.resolve(lineCount);
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    for (const mark of this.#marks) mark.reject(failure);
    this.#marks = [];
    this.#events.onFailure(failure);
  }
}
