import { LogCounts } from '../format/log-counts.ts';
import { finalVerdict, type Seal, type Verdict } from '../format/seal.ts';
import type { Recovery } from '../hot/journal.ts';
import { Archiver } from '../sealed/archiver.ts';
import { Committer } from './committer.ts';
import { LineSplitter, type TakeLine } from './line-splitter.ts';
import { LINE_FRAME_BYTES, messageLimitBytes, type StageMark, stageMarkOf } from './stage-mark.ts';
import { WriteQueue } from './write-queue.ts';
import type { WriterMeans } from './writer-means.ts';

const SLICE_BYTES = 64 * 1024;
/**
 * The size of text that may wait for the archiver before `write` makes its caller wait: sealing has no more than this
 * left to do.
 */
const BACKLOG_LIMIT_BYTES = 2 * 1024 * 1024;

/**
 * The only writer of a log. Readers see a line once its batch is synced. After the first write or sync that fails,
 * every pending and later promise rejects with the same error, and the log can only be sealed as partial, from what is
 * on disk.
 */
export class LogWriter {
  readonly logId: string;
  /** What recovery found and cut when the log was resumed; undefined for a new log. */
  readonly recovery: Recovery | undefined;
  readonly #parts: WriterMeans;
  readonly #splitter = new LineSplitter();
  readonly #queue: WriteQueue;
  readonly #committer: Committer;
  #archiver: Archiver;
  #mark: StageMark;
  /** The last one that was given: `#place` may still wait in the queue. */
  #attempt: number;
  readonly #counts: LogCounts;
  #droppedNoticed = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #sealing: Promise<Seal> | undefined;
  #state: 'open' | 'being sealed' | 'sealed' | 'released' = 'open';

  constructor(parts: WriterMeans) {
    this.#parts = parts;
    this.logId = parts.logId;
    this.recovery = parts.recovery;
    this.#counts = new LogCounts(parts.counts, parts.settings.logLimitBytes);
    this.#archiver = this.#newArchiver();
    this.#committer = new Committer(parts.logId, parts.hot.log, {
      onCommit: () => this.#afterCommit(),
      onFailure: (failure) => this.#afterFailure(failure),
    });
    this.#queue = new WriteQueue(() => this.#hasRoom());
    this.#mark = parts.mark;
    this.#attempt = parts.mark.attempt;
    // A resumed log already has a backlog, and while it has one there is no room.
    this.#archiver.advance();
  }

  /** Lines committed so far. */
  get lineCount(): number {
    return this.#parts.hot.lineCount;
  }

  /** Why nothing more is accepted, after a write or sync has failed. */
  get failure(): Error | undefined {
    return this.#committer.failure;
  }

  /**
   * Sets the stage, step (0 means none) and attempt (from 1; unchanged by default) of what follows. Ends an unfinished line. Throws
   * RangeError for values that cannot be stored; does nothing on a writer that accepts nothing more.
   */
  stage(stage: string, step = 0, attempt = this.#attempt): void {
    const mark = stageMarkOf(stage, step, attempt);
    this.#attempt = attempt;
    if (this.failure !== undefined || this.#state !== 'open') return;
    const change = this.#enqueue(() => {
      this.#flush(true);
      this.#mark = mark;
      return true;
    });
    // It can only be refused with the writer's failure, which every promise of the writer reports.
    change.catch(() => undefined);
  }

  /**
   * Writes raw output. Resolves when the chunk has been accepted, which waits while the disk is behind, so a caller that awaits it
   * holds only one chunk. The chunk must not change before that. This does not mean that it is durable: see `committed`.
   */
  write(chunk: Uint8Array): Promise<void> {
    if (!this.#isOpen()) return Promise.reject(this.#refusal());
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    return this.#enqueue(() => {
      this.#splitter.push(bytes.subarray(at, at + SLICE_BYTES), this.#messageLimitBytes(), this.#takeOutput);
      at += SLICE_BYTES;
      this.#armIdleTimer();
      return at >= bytes.length;
    });
  }

  /**
   * Adds a whole line of Slipway's own, after ending an unfinished one. A line end inside it becomes a space. It is stored even
   * above the log's limit. A message longer than a line is split into continued lines.
   */
  line(message: string): Promise<void> {
    if (!this.#isOpen()) return Promise.reject(this.#refusal());
    return this.#enqueue(() => {
      this.#flush(true);
      this.#addOwnLine(message);
      return true;
    });
  }

  /** Counts masked secret values in what is written next. The count is as durable as those lines. */
  masked(values: number): void {
    this.#counts.mask(values);
    this.#committer.note(this.#counts.now);
  }

  /** Resolves, with the number of committed lines, when every whole line written so far is synced. */
  committed(): Promise<number> {
    if (!this.#isOpen()) return Promise.reject(this.#refusal());
    return this.#allCommitted();
  }

  /**
   * Ends the log: ends an unfinished line, commits everything, and replaces the hot form with the sealed one. A log that lacks
   * something is sealed as partial, whatever the caller says. If it throws, the hot form is still the log: `seal` may be called
   * again, or the log resumed later. After a failed append, only `partial` is accepted.
   */
  async seal(verdict: Verdict): Promise<Seal> {
    if (this.#state !== 'open') throw this.#refusal();
    this.#state = 'being sealed';
    this.#stopIdleTimer();
    const sealing = this.#seal(verdict);
    this.#sealing = sealing;
    return sealing;
  }

  /** Releases the log without sealing it, after committing whole lines. It can be resumed. */
  async release(): Promise<void> {
    // The caller of seal learns of its failure; here it only has to be over.
    await this.#sealing?.catch(() => undefined);
    if (this.#state !== 'open') return;
    this.#state = 'released';
    this.#stopIdleTimer();
    // The waiters for a line got the failure; releasing is the same after it.
    await this.#allCommitted().catch(() => undefined);
    await this.#committer.settled();
    await this.#archiver.abandon();
    this.#parts.onRelease();
  }

  async #seal(verdict: Verdict): Promise<Seal> {
    try {
      await this.#endLines(verdict);
      // Work that was in progress may have met a full disk that has room again by now.
      await this.#archiver.settled();
      if (this.#archiver.hasFailed) await this.#startOver();
      const draft = await this.#archiver.finish({
        ...finalVerdict(verdict, this.recovery?.damage ?? [], this.#counts.notice),
        ...this.#counts.sealed,
        sealedAtMs: this.#parts.settings.clock(),
      });
      await this.#parts.archives.put(this.logId, draft);
      this.#state = 'sealed';
      this.#parts.onSeal();
      return draft.seal;
    } catch (cause) {
      if (this.#state === 'being sealed') {
        await this.#startOver();
        this.#state = 'open';
      }
      throw new Error(`seal log ${this.logId}`, { cause });
    }
  }

  #isOpen(): boolean {
    return this.failure === undefined && this.#state === 'open';
  }

  #refusal(): Error {
    return this.failure ?? new Error(`log ${this.logId} accepts nothing more: it is ${this.#state}`);
  }

  #enqueue(act: () => boolean): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const result = this.#queue.run(act);
    this.#committer.start();
    return result;
  }

  async #allCommitted(): Promise<number> {
    let committed: Promise<number> | undefined;
    await this.#enqueue(() => {
      committed = this.#committer.committed();
      // It may be rejected before the queue's own promise lets this function continue and await it.
      committed.catch(() => undefined);
      return true;
    });
    return committed ?? this.lineCount;
  }

  #hasRoom(): boolean {
    const isBehind = !this.#archiver.hasFailed && this.#archiver.backlogBytes > BACKLOG_LIMIT_BYTES;
    return this.#committer.inFlightBytes < this.#parts.settings.inFlightLimitBytes && !isBehind;
  }

  readonly #takeOutput: TakeLine = (message, continued) => {
    const { settings } = this.#parts;
    // Once one line did not fit, no later one is accepted: a log with holes would be worse than a short one.
    const isFull = this.#committer.addedBytes + message.length + LINE_FRAME_BYTES > settings.logLimitBytes;
    if (!this.#counts.hasDropped && !isFull) this.#committer.add(message, this.#mark, settings.clock(), continued);
    else if (this.#counts.drop()) this.#committer.note(this.#counts.now);
  };

  #addOwnLine(message: string): void {
    const timeMs = this.#parts.settings.clock();
    const bytes = Buffer.from(`${message.replaceAll('\n', ' ')}\n`);
    new LineSplitter().push(bytes, this.#messageLimitBytes(), (text, continued) => {
      this.#committer.add(text, this.#mark, timeMs, continued);
    });
  }

  #flush(all: boolean): void {
    this.#splitter.flush(all, this.#messageLimitBytes(), this.#takeOutput);
  }

  #messageLimitBytes(): number {
    return messageLimitBytes(this.#mark, this.#parts.settings.lineLimitBytes);
  }

  #armIdleTimer(): void {
    this.#idleTimer ??= setTimeout(() => this.#idle(), this.#parts.settings.idleFlushMs).unref();
    this.#idleTimer.refresh();
  }

  #stopIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
  }

  #idle(): void {
    // Data that still waits in the queue is output too: the timer restarts when it is taken.
    if (!this.#isOpen() || !this.#queue.isEmpty || !this.#splitter.hasPending) return;
    this.#flush(false);
    this.#committer.start();
  }

  #newArchiver(): Archiver {
    return new Archiver(this.#parts.disk, this.#parts.files, this.#parts.hot, () => this.#drain());
  }

  async #startOver(): Promise<void> {
    await this.#archiver.abandon();
    this.#archiver = this.#newArchiver();
    this.#archiver.advance();
  }

  #drain(): void {
    this.#queue.drain();
    this.#committer.start();
  }

  #afterCommit(): void {
    this.#archiver.advance();
    this.#queue.drain();
  }

  #afterFailure(failure: Error): void {
    this.#stopIdleTimer();
    this.#queue.refuse(failure);
  }

  async #endLines(verdict: Verdict): Promise<void> {
    try {
      await this.#enqueue(() => {
        this.#flush(true);
        const { notice } = this.#counts;
        if (notice !== undefined && !this.#droppedNoticed) {
          this.#addOwnLine(notice);
          this.#droppedNoticed = true;
        }
        return true;
      });
      await this.#allCommitted();
    } catch (error) {
      // What is on disk can still be sealed, but not as complete.
      if (this.failure === undefined || verdict.verdict === 'complete') throw error;
      await this.#committer.settled();
    }
  }
}
