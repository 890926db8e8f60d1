import { type Disk, nodeDisk } from './disk/disk.ts';
import { logFiles } from './disk/log-files.ts';
import { hasFolder } from './disk/log-folder.ts';
import { makeFolder } from './disk/make-folder.ts';
import type { LogLine, Page } from './format/page.ts';
import type { RunRow } from './format/run-table.ts';
import type { Seal, Verdict } from './format/seal.ts';
import type { TextSlice } from './format/text-slice.ts';
import { LocalJournal } from './hot/local-journal.ts';
import { type LogbookSettings, writerSettings } from './life/logbook-settings.ts';
import { StoredLogs, unknownLog } from './life/stored-logs.ts';
import { type FollowEvent, followLog, LogCursor } from './read/follow.ts';
import { LogTurns } from './read/log-turns.ts';
import type { LogState, OpenLog } from './read/open-log.ts';
import { OpenLogs } from './read/open-logs.ts';
import { type Verification, verifyLog } from './sealed/verify.ts';
import type { LogWriter } from './write/log-writer.ts';

export { damageOf } from './format/damaged-log.ts';
export {
  type LogAppended,
  type LogPageRead,
  logAppends,
  logPages,
  type SealMismatch,
  sealMismatches,
} from './format/log-channels.ts';
export type { LogLine, Page } from './format/page.ts';
export type { RunRow } from './format/run-table.ts';
export type { LineRange, Seal, Verdict } from './format/seal.ts';
export { type CommittedEnd, committedEnd } from './hot/committed-end.ts';
export type { Journal, Recovery } from './hot/journal.ts';
export type { LogbookSettings } from './life/logbook-settings.ts';
export type { FollowEvent, LogCursor } from './read/follow.ts';
export type { LogState } from './read/open-log.ts';
export type { Verification } from './sealed/verify.ts';
export type { LogWriter } from './write/log-writer.ts';

const DEFAULT_PAGE_LINES = 100;

/**
 * A folder of build logs. Each log is appended by one writer, read by any number of readers while it grows, and then sealed. Only
 * one process may have a folder open at a time. Reading an unknown log throws; `state` returns whether it exists.
 */
export class Logbook {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #logs: OpenLogs;
  readonly #turns = new LogTurns();
  readonly #stored: StoredLogs;

  private constructor(settings: LogbookSettings) {
    const { folder, disk = nodeDisk, journal = new LocalJournal(disk, folder) } = settings;
    this.#folder = folder;
    this.#disk = disk;
    const limits = {
      logs: settings.openLogLimit ?? 256,
      blockCacheBytes: settings.blockCacheBytes ?? 16 * 1024 * 1024,
    };
    this.#logs = new OpenLogs(folder, disk, journal, limits);
    const [logs, turns] = [this.#logs, this.#turns];
    this.#stored = new StoredLogs({ folder, disk, journal, logs, turns, writers: writerSettings(settings) });
  }

  /** Opens a folder of logs. */
  static async open(settings: LogbookSettings): Promise<Logbook> {
    const logbook = new Logbook(settings);
    await makeFolder(logbook.#disk, settings.folder);
    return logbook;
  }

  /** Creates a log, for a writer with this epoch (see `JournalHolder`). Throws if the id exists. */
  create(logId: string, epoch?: number): Promise<LogWriter> {
    return this.#stored.create(logId, epoch);
  }

  /**
   * Continues a log whose writer is gone: keeps every whole, valid, contiguous line and cuts the torn tail (`writer.recovery` says
   * what was cut). Throws if the log is sealed, has a writer, or does not exist.
   */
  resume(logId: string, epoch?: number): Promise<LogWriter> {
    return this.#stored.resume(logId, epoch);
  }

  /**
   * The logs with a hot form, no sealed form and no writer, which must be resumed at start. Also removes hot files that a crash
   * left next to a sealed log.
   */
  unsealed(): Promise<string[]> {
    return this.#stored.unsealed();
  }

  /** The state of a log, or undefined if it does not exist. */
  state(logId: string): LogState | undefined {
    return this.#find(logId)?.state;
  }

  /**
   * The lines after the first `offset`, at most `limit`; none past the end. Returns the same bytes for as long as the log is kept.
   * Takes one read on a hot log of any size; on a sealed log, one read and one inflate, or neither if the block is cached.
   */
  page(logId: string, offset: number, limit = DEFAULT_PAGE_LINES): Page {
    return this.#get(logId).page(offset, limit);
  }

  /** Like `page`, but each line has its time, step and attempt, and whether it continues in the next. */
  lines(logId: string, offset: number, limit = DEFAULT_PAGE_LINES): LogLine[] {
    return this.#get(logId).lines(offset, limit);
  }

  /** Like `page`, for callers that copy it at once: its bytes are valid only until the next read of any log. */
  pageView(logId: string, offset: number, limit = DEFAULT_PAGE_LINES): Page {
    return this.#get(logId).view(offset, limit);
  }

  /** For reading a whole log: lines from a given one on, in stored form, as many as one read returns; none at the end. */
  textFrom(logId: string, fromLine: number): TextSlice {
    return this.#get(logId).textFrom(fromLine);
  }

  /** Bytes of the log as NDJSON from an offset on: at most `limitBytes`, possibly fewer; none at the end. */
  text(logId: string, offsetBytes: number, limitBytes: number): Buffer {
    return this.#get(logId).read(offsetBytes, limitBytes);
  }

  /** The runs: lines with the same stage, step, attempt and time, starting with the run that contains `fromLine`. */
  runs(logId: string, fromLine = 1): Iterable<RunRow> {
    return this.#get(logId).form.runs(fromLine);
  }

  /** The file with a sealed log as one gzip member; undefined until the log is sealed. */
  archivePath(logId: string): string | undefined {
    return this.#get(logId).sealed && logFiles(this.#folder, logId).archive;
  }

  /** A cursor in a log, which must be closed. `wake` is called when there are lines after it: see `LogCursor`. */
  cursor(logId: string, fromLine: number, wake: () => void): LogCursor {
    return new LogCursor(this.#get(logId), fromLine, wake);
  }

  /** Follows a log from a line (from 1) to its seal: see `followLog`. */
  follow(logId: string, fromLine: number, options: { signal?: AbortSignal } = {}): AsyncGenerator<FollowEvent, void> {
    this.#get(logId);
    // The log may be closed as idle between this call and the first event, so it is looked up again then.
    return followLog((wake) => this.cursor(logId, fromLine, wake), options.signal);
  }

  /** Reads a whole log and reports what is damaged: see `verifyLog`. Undefined if the log does not exist. */
  async verify(logId: string): Promise<Verification | undefined> {
    const lines = this.#logs.peek(logId)?.lineCount ?? Number.MAX_SAFE_INTEGER;
    const files = logFiles(this.#folder, logId);
    if (!hasFolder(this.#disk, files)) return undefined;
    return verifyLog(this.#disk, files, lines);
  }

  /**
   * Repairs a log without a writer, as far as possible. An unsealed log is resumed and sealed, with this verdict or as partial if
   * something is lost. A damaged index of a sealed log is rebuilt from its archive. Returns the seal, or undefined if there was
   * nothing to repair or nothing can be: a damaged archive stays as it is.
   */
  repair(logId: string, verdict: Verdict): Promise<Seal | undefined> {
    return this.#stored.repair(logId, verdict);
  }

  /**
   * Removes a log without a writer, if it exists, completely or, on failure, not at all. Its followers end, and it is no longer
   * visible.
   */
  remove(logId: string): Promise<void> {
    return this.#stored.remove(logId);
  }

  /** Commits what writers hold, without sealing, and closes all files. Followers end. */
  async close(): Promise<void> {
    await this.#logs.closeAll();
  }

  #find(logId: string): OpenLog | undefined {
    return this.#turns.isHidden(logId) ? undefined : this.#logs.find(logId);
  }

  #get(logId: string): OpenLog {
    const log = this.#find(logId);
    if (log === undefined) throw unknownLog(logId);
    return log;
  }
}
