import { dirname } from 'node:path';
import { type Disk, nodeDisk } from './disk/disk.ts';
import { type LogFiles, logFiles } from './disk/log-files.ts';
import { clearBeginning, hasFolder, listLogs, removeLog } from './disk/log-folder.ts';
import { makeFolder } from './disk/make-folder.ts';
import { NO_COUNTS } from './format/log-counts.ts';
import type { LogLine, Page } from './format/page.ts';
import type { RunRow } from './format/run-table.ts';
import type { Seal, Verdict } from './format/seal.ts';
import type { TextSlice } from './format/text-slice.ts';
import { HotLog } from './hot/hot-log.ts';
import type { Journal, Recovered } from './hot/journal.ts';
import { LocalJournal } from './hot/local-journal.ts';
import { type LogbookSettings, writerSettings } from './logbook-settings.ts';
import { type FollowEvent, followLog, LogCursor } from './read/follow.ts';
import { LogTurns } from './read/log-turns.ts';
import { type LogState, OpenLog } from './read/open-log.ts';
import { OpenLogs } from './read/open-logs.ts';
import { repairSealed } from './sealed/index-repair.ts';
import { type Verification, verifyLog } from './sealed/verify.ts';
import { LogWriter } from './write/log-writer.ts';
import { sealOrRelease } from './write/seal-or-release.ts';
import { stageMarkOf } from './write/stage-mark.ts';
import type { WriterSettings } from './write/writer-means.ts';

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
export type { LogbookSettings } from './logbook-settings.ts';
export type { FollowEvent, LogCursor } from './read/follow.ts';
export type { LogState } from './read/open-log.ts';
export type { Verification } from './sealed/verify.ts';
export type { LogWriter } from './write/log-writer.ts';

/** A log that a writer creates or takes over. */
type Opened = Pick<Recovered, 'log' | 'counts'> & Partial<Recovered>;

const DEFAULT_PAGE_LINES = 100;
/** The stage of lines written before any stage began. */
const FIRST_STAGE = 'GIT_CLONE';

/**
 * A folder of build logs. Each log is appended by one writer, read by any number of readers while it grows, and then sealed. Only
 * one process may have a folder open at a time. Reading an unknown log throws; `state` returns whether it exists.
 */
export class Logbook {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #journal: Journal;
  readonly #settings: WriterSettings;
  readonly #logs: OpenLogs;
  readonly #turns = new LogTurns();

  private constructor(settings: LogbookSettings) {
    this.#folder = settings.folder;
    this.#disk = settings.disk ?? nodeDisk;
    this.#journal = settings.journal ?? new LocalJournal(this.#disk, this.#folder);
    const limits = {
      logs: settings.openLogLimit ?? 256,
      blockCacheBytes: settings.blockCacheBytes ?? 16 * 1024 * 1024,
    };
    this.#logs = new OpenLogs(this.#folder, this.#disk, this.#journal, limits);
    this.#settings = writerSettings(settings);
  }

  /** Opens a folder of logs. */
  static async open(settings: LogbookSettings): Promise<Logbook> {
    const logbook = new Logbook(settings);
    await makeFolder(logbook.#disk, settings.folder);
    return logbook;
  }

  /** Creates a log, for a writer with this epoch (see `JournalHolder`). Throws if the id exists. */
  async create(logId: string, epoch?: number): Promise<LogWriter> {
    const files = logFiles(this.#folder, logId);
    return this.#turns.alone(logId, async () => {
      if (!(await clearBeginning(this.#disk, files))) throw new Error(`there is a log ${logId} already`);
      return this.#turns.unseen(logId, async () => {
        // With any journal, the sealed form goes here, and logs are listed by their folders.
        await makeFolder(this.#disk, dirname(files.folder));
        await makeFolder(this.#disk, files.folder);
        const log = await this.#journal.create(logId, { epoch, nowMs: this.#settings.clock() });
        return this.#writer(logId, files, { log, counts: NO_COUNTS });
      });
    });
  }

  /**
   * Continues a log whose writer is gone: keeps every whole, valid, contiguous line and cuts the torn tail (`writer.recovery` says
   * what was cut). Throws if the log is sealed, has a writer, or does not exist.
   */
  async resume(logId: string, epoch?: number): Promise<LogWriter> {
    const files = logFiles(this.#folder, logId);
    return this.#turns.alone(logId, async () => {
      const open = this.#logs.find(logId);
      if (open === undefined && !hasFolder(this.#disk, files)) throw unknownLog(logId);
      if (open?.sealed !== undefined) throw new Error(`log ${logId} is sealed`);
      if (open?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      this.#logs.drop(logId);
      return this.#writer(logId, files, await this.#journal.recover(logId, { epoch, nowMs: this.#settings.clock() }));
    });
  }

  /**
   * The logs with a hot form, no sealed form and no writer, which must be resumed at start. Also removes hot files that a crash
   * left next to a sealed log.
   */
  async unsealed(): Promise<string[]> {
    const found: string[] = [];
    for (const logId of await listLogs(this.#disk, this.#folder)) {
      if (this.#logs.peek(logId)?.writer !== undefined || this.#turns.isBusy(logId)) continue;
      if (!(await this.#logs.isSealed(logId))) found.push(logId);
    }
    return found;
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
  async repair(logId: string, verdict: Verdict): Promise<Seal | undefined> {
    const files = logFiles(this.#folder, logId);
    if (!hasFolder(this.#disk, files)) return undefined;
    await this.#logs.peek(logId)?.writer?.release();
    if (!(await this.#logs.isSealed(logId))) return sealOrRelease(await this.resume(logId), verdict);
    return this.#turns.alone(logId, () =>
      this.#turns.unseen(logId, async () => {
        this.#logs.drop(logId);
        return repairSealed(this.#disk, files, () => this.#logs.openSealed(logId), this.#settings.clock());
      }),
    );
  }

  /**
   * Removes a log without a writer, if it exists, completely or, on failure, not at all. Its followers end, and it is no longer
   * visible.
   */
  async remove(logId: string): Promise<void> {
    const files = logFiles(this.#folder, logId);
    await this.#turns.alone(logId, async () => {
      if (this.#logs.peek(logId)?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      await this.#turns.unseen(logId, async () => {
        this.#logs.drop(logId);
        await this.#logs.hotRemoved(logId);
        await removeLog(this.#disk, files);
        await this.#journal.remove(logId);
      });
    });
  }

  /** Commits what writers hold, without sealing, and closes all files. Followers end. */
  async close(): Promise<void> {
    await this.#logs.closeAll();
  }

  #writer(logId: string, files: LogFiles, { log: journalLog, counts, recovery, lastRun }: Opened): LogWriter {
    const hot = new HotLog(journalLog);
    const log = new OpenLog(logId, hot);
    const writer = new LogWriter({
      logId,
      disk: this.#disk,
      files,
      hot,
      settings: this.#settings,
      mark: stageMarkOf(lastRun?.stage ?? FIRST_STAGE, lastRun?.step ?? 0, lastRun?.attempt || 1),
      recovery,
      counts,
      onRelease: () => {
        log.writer = undefined;
      },
      onSeal: () => {
        log.becomeSealed(this.#logs.openSealed(logId));
        this.#logs.removeHotLater(logId, files);
      },
    });
    log.writer = writer;
    this.#logs.add(log);
    return writer;
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

function unknownLog(logId: string): Error {
  return new Error(`there is no log ${JSON.stringify(logId)}`);
}
