import { Archiver } from './archiver.ts';
import { Batch, LINE_FRAME_BYTES, type Place } from './batch.ts';
import type { Disk } from './disk.ts';
import type { HotLog } from './hot-log.ts';
import type { Recovery } from './hot-recovery.ts';
import { LineSplitter } from './line-splitter.ts';
import type { LogFiles } from './log-files.ts';
import { encodeRun } from './run.ts';
import type { Seal, Verdict } from './seal.ts';
import { WriteQueue } from './write-queue.ts';

export type WriterSettings = {
  lineLimitBytes: number;
  idleFlushMs: number;
  logLimitBytes: number;
  /** Bytes of lines that may wait for the disk before `write` makes its caller wait. */
  inFlightLimitBytes: number;
  clock: () => number;
};

/** What a writer is given by its logbook. */
export type WriterParts = {
  logId: string;
  disk: Disk;
  files: LogFiles;
  hot: HotLog;
  settings: WriterSettings;
  place: Omit<Place, 'stageJson'>;
  recovery: Recovery | undefined;
  /** Lines became visible. */
  onCommit: () => void;
  /** The sealed form is the log now: stop reading the hot files, then remove them. */
  onSeal: () => Promise<void>;
};

const SLICE_BYTES = 64 * 1024;

/**
 * The one writer of a log. What it was given counts, and is shown to readers, when the batch that holds it is synced; what
 * arrives meanwhile becomes the next batch. The first write or sync that fails ends that for good: every promise, pending and
 * later, rejects with the same error, and the log can only be sealed as partial, from what is on disk.
 */
export class LogWriter {
  readonly logId: string;
  /** What was found and cut when the log was resumed; undefined for a new log. */
  readonly recovery: Recovery | undefined;
  readonly #parts: WriterParts;
  readonly #splitter = new LineSplitter();
  readonly #queue: WriteQueue;
  #archiver: Archiver;
  #place: Place;
  #messageLimitBytes = 0;
  #batch: Batch;
  #committing = false;
  /** Bytes of the batch that is being committed. */
  #committingBytes = 0;
  #indexBytes: number;
  #marks: { line: number; resolve: (lineCount: number) => void; reject: (error: Error) => void }[] = [];
  #failure: Error | undefined;
  #droppedLines = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #droppedNoticed = false;
  #state: 'open' | 'ending' | 'sealed' | 'released' = 'open';

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.logId = parts.logId;
    this.recovery = parts.recovery;
    this.#archiver = new Archiver(parts.disk, parts.files, parts.hot);
    this.#batch = new Batch(parts.hot.lineCount + 1, parts.hot.textBytes);
    this.#indexBytes = parts.hot.indexBytes;
    this.#queue = new WriteQueue(() => this.#inFlightBytes() < parts.settings.inFlightLimitBytes);
    this.#place = this.#placed(parts.place);
  }

  /** Lines committed so far. */
  get lineCount(): number {
    return this.#parts.hot.lineCount;
  }

  /** Why nothing more is taken, once a write or sync has failed. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What follows belongs to this stage, step (0 is none) and attempt (from 1). An unfinished line ends here. */
  stage(stage: string, step = 0, attempt = this.#place.attempt): void {
    if (this.#failure !== undefined || this.#state !== 'open') return;
    // A queued act can only be refused with the writer's failure, which every other promise reports.
    this.#queue
      .run(() => {
        this.#flush(true);
        this.#place = this.#placed({ stage, step, attempt });
        return true;
      })
      .catch(() => undefined);
    this.#kick();
  }

  /**
   * Takes raw output. Resolves when it has been taken in and there is room again, so a caller that awaits it holds one chunk;
   * the chunk must not change before. It says nothing of durability: see `committed`.
   */
  write(chunk: Uint8Array): Promise<void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    return this.#run(() => {
      this.#splitter.push(bytes.subarray(at, at + SLICE_BYTES), this.#messageLimitBytes, this.#takeOutput);
      at += SLICE_BYTES;
      this.#armIdleTimer();
      return at >= bytes.length;
    });
  }

  /**
   * Adds one whole line of our own, after ending an unfinished one. It is stored also past the log's limit; a message longer
   * than a line is cut into continued ones.
   */
  line(message: string): Promise<void> {
    return this.#run(() => {
      this.#flush(true);
      this.#addOwnLine(message);
      return true;
    });
  }

  /** Resolves, with the number of committed lines, when every whole line written so far is synced. */
  committed(): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#state !== 'open') return Promise.reject(this.#notOpen());
    return this.#commitMark();
  }

  async #commitMark(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    // Whoever waits for the queue below learns of a failure there; the promise may then be rejected unheard.
    promise.catch(() => undefined);
    await this.#enqueue(() => {
      const line = this.#batch.firstLine + this.#batch.lineCount - 1;
      if (line <= this.lineCount) resolve(this.lineCount);
      else this.#marks.push({ line, resolve, reject });
      return true;
    });
    return promise;
  }

  /**
   * Ends the log: an unfinished line is ended, everything is committed, and the sealed form takes the place of the hot one.
   * A log that lacks something is sealed as partial whatever the caller says. When it throws, the hot form still is the log:
   * `seal` may be called again, or the log resumed later.
   */
  async seal(verdict: Verdict, counts: { maskedValues?: number } = {}): Promise<Seal> {
    if (this.#state !== 'open') throw this.#notOpen();
    this.#state = 'ending';
    this.#stopIdleTimer();
    try {
      await this.#endLines(verdict);
      const seal = await this.#archiver.finish({
        ...this.#trueVerdict(verdict),
        maskedValues: counts.maskedValues ?? 0,
        droppedLines: this.#droppedLines,
        sealedAtMs: this.#parts.settings.clock(),
      });
      this.#state = 'sealed';
      await this.#parts.onSeal();
      return seal;
    } catch (cause) {
      if (this.#state === 'ending') {
        await this.#archiver.abandon();
        this.#archiver = new Archiver(this.#parts.disk, this.#parts.files, this.#parts.hot);
        this.#state = 'open';
      }
      throw new Error(`seal log ${this.logId}`, { cause });
    }
  }

  /** Lets go of the log without sealing it; whole lines are committed first. It can be resumed. */
  async release(): Promise<void> {
    if (this.#state !== 'open') return;
    const settled = this.#failure === undefined ? this.committed() : undefined;
    this.#state = 'released';
    this.#stopIdleTimer();
    // A failure has been told to whoever waits for a line; letting go is the same after it.
    await settled?.catch(() => undefined);
    await this.#archiver.abandon();
  }

  #run(act: () => boolean): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#state !== 'open') return Promise.reject(this.#notOpen());
    return this.#enqueue(act);
  }

  #enqueue(act: () => boolean): Promise<void> {
    const result = this.#queue.run(act);
    this.#kick();
    return result;
  }

  #notOpen(): Error {
    return new Error(`log ${this.logId} takes nothing more: it is ${this.#state}`);
  }

  readonly #takeOutput = (message: string, continued: boolean): void => {
    const { settings } = this.#parts;
    const textBytes = this.#batch.offsetBytes + this.#batch.sizeBytes;
    // Once one line did not fit, no later one is taken: a log with holes would be worse than a short one.
    if (this.#droppedLines > 0 || textBytes + message.length + LINE_FRAME_BYTES > settings.logLimitBytes) {
      this.#droppedLines += 1;
      return;
    }
    this.#batch.add(message, this.#place, settings.clock(), continued);
  };

  #addOwnLine(message: string): void {
    const take = (text: string, continued: boolean): void =>
      this.#batch.add(text, this.#place, this.#parts.settings.clock(), continued);
    // A line end inside would otherwise be the one way to make a line that holds two.
    new LineSplitter().push(Buffer.from(`${message.replaceAll('\n', ' ')}\n`), this.#messageLimitBytes, take);
  }

  #flush(all: boolean): void {
    this.#splitter.flush(all, this.#messageLimitBytes, this.#takeOutput);
  }

  #placed(place: Omit<Place, 'stageJson'>): Place {
    const stageJson = JSON.stringify(place.stage);
    this.#messageLimitBytes = Math.max(
      16,
      this.#parts.settings.lineLimitBytes - LINE_FRAME_BYTES - Buffer.byteLength(stageJson),
    );
    return { ...place, stageJson };
  }

  #armIdleTimer(): void {
    if (this.#idleTimer !== undefined) {
      this.#idleTimer.refresh();
      return;
    }
    this.#idleTimer = setTimeout(() => this.#idle(), this.#parts.settings.idleFlushMs).unref();
  }

  #stopIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
  }

  #idle(): void {
    if (this.#failure !== undefined || this.#state !== 'open' || !this.#queue.isEmpty || !this.#splitter.hasPending)
      return;
    this.#flush(false);
    this.#kick();
  }

  #inFlightBytes(): number {
    return this.#batch.sizeBytes + this.#committingBytes;
  }

  #kick(): void {
    if (this.#committing || this.#batch.lineCount === 0 || this.#failure !== undefined) return;
    this.#committing = true;
    // What is written in the same turn goes into the same batch.
    queueMicrotask(() => void this.#commitAll());
  }

  async #commitAll(): Promise<void> {
    while (this.#batch.lineCount > 0 && this.#failure === undefined) {
      const batch = this.#batch;
      this.#batch = new Batch(batch.firstLine + batch.lineCount, batch.offsetBytes + batch.sizeBytes);
      this.#committingBytes = batch.sizeBytes;
      try {
        await this.#commit(batch);
      } catch (cause) {
        this.#fail(new Error(`append to log ${this.logId}`, { cause }));
        break;
      }
      this.#committingBytes = 0;
      this.#parts.onCommit();
      this.#settleMarks();
      this.#archiver.advance();
      this.#queue.drain();
    }
    this.#committing = false;
  }

  async #commit(batch: Batch): Promise<void> {
    const { text, index } = this.#parts.hot;
    const buffers = batch.finish();
    const records = batch.runs.map(encodeRun);
    const indexAt = this.#indexBytes;
    await Promise.all([
      text.write(buffers, batch.offsetBytes).then(() => text.sync()),
      index.write(records, indexAt).then(() => index.sync()),
    ]);
    let at = indexAt;
    batch.runs.forEach((run, position) => {
      const end = at + (records[position]?.length ?? 0);
      this.#parts.hot.publish(run, at, end);
      at = end;
    });
    this.#indexBytes = at;
  }

  #settleMarks(): void {
    const done = this.#marks.filter((mark) => mark.line <= this.lineCount);
    this.#marks = this.#marks.filter((mark) => mark.line > this.lineCount);
    for (const mark of done) mark.resolve(this.lineCount);
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#stopIdleTimer();
    for (const mark of this.#marks) mark.reject(failure);
    this.#marks = [];
    this.#queue.refuse(failure);
  }

  async #endLines(verdict: Verdict): Promise<void> {
    if (this.#failure === undefined) {
      try {
        await this.#enqueue(() => {
          this.#flush(true);
          if (this.#droppedLines > 0 && !this.#droppedNoticed) {
            this.#addOwnLine(droppedNotice(this.#droppedLines, this.#parts.settings.logLimitBytes));
            this.#droppedNoticed = true;
          }
          return true;
        });
        await this.#commitMark();
      } catch (error) {
        if (this.#failure === undefined) throw error;
      }
    }
    if (this.#failure !== undefined && verdict.verdict === 'complete') throw this.#failure;
  }

  #trueVerdict(claim: Verdict): { verdict: Seal['verdict']; reason?: string; ranges: Seal['ranges'] } {
    const reasons: string[] = claim.verdict === 'partial' ? [claim.reason] : [];
    const damage = this.recovery?.damage ?? [];
    if (damage.length > 0) reasons.push('the log was damaged on disk');
    if (this.#droppedLines > 0) reasons.push(droppedNotice(this.#droppedLines, this.#parts.settings.logLimitBytes));
    const ranges = [...(claim.verdict === 'partial' ? (claim.ranges ?? []) : []), ...damage];
    if (reasons.length === 0) return { verdict: 'complete', ranges };
    return { verdict: 'partial', reason: reasons.join('; '), ranges };
  }
}

function droppedNotice(droppedLines: number, limitBytes: number): string {
  return `${droppedLines} more lines are not stored: the log reached its limit of ${limitBytes} bytes`;
}
