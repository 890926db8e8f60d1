import { BlockCache } from './block-cache.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { type FollowEvent, followLog } from './follow.ts';
import type { HotLog } from './hot-log.ts';
import { createHotLog, loadHotLog, type Recovery, recoverHotLog } from './hot-recovery.ts';
import { isLogId, type LogFiles, logFiles } from './log-files.ts';
import { LogWriter, type WriterSettings } from './log-writer.ts';
import { OpenLog } from './open-log.ts';
import type { LogLine, Page } from './page.ts';
import { RUN_LIMIT_BYTES, type Run } from './run.ts';
import type { Seal } from './seal.ts';
import { SealedLog } from './sealed-log.ts';

export type { FollowEvent } from './follow.ts';
export type { Recovery } from './hot-recovery.ts';
export type { LogWriter } from './log-writer.ts';
export type { LogLine, Page } from './page.ts';
export type { LineRange, Seal, Verdict } from './seal.ts';

/** How a logbook is set; every value but the folder has a default. */
export type LogbookSettings = {
  /** Where the logs are. Made when it is missing; its parent must exist. */
  folder: string;
  /** Memory for inflated blocks of sealed logs, of all logs together. Default 16 MiB. */
  blockCacheBytes?: number;
  /** A line, as it is stored, is not longer: 16,384 bytes by default, 65,536 at most. */
  lineLimitBytes?: number;
  /** An unfinished line is given out after this time without a byte. Default 2000. */
  idleFlushMs?: number;
  /** Size from which on further lines are counted and not stored. Default 10 GiB. */
  logLimitBytes?: number;
  /** Bytes of lines a log that may wait for the disk. Default 1 MiB. */
  inFlightLimitBytes?: number;
  /** Logs that nobody writes or follows stay open up to this number. Default 256. */
  openLogLimit?: number;
  /** Milliseconds since 1970, for the times of lines. */
  clock?: () => number;
  disk?: Disk;
};

/** What is known of a log at this moment. */
export type LogState = { lineCount: number; sealed: boolean; seal?: Seal };

const DEFAULT_PAGE_LINES = 100;
const FIRST_STAGE = 'GIT_CLONE';

/**
 * A folder of build logs: each appended by one writer, read by any number of readers while it grows, then sealed.
 * One process may have a folder open at a time. Reading an unknown log throws; `state` tells whether there is one.
 */
export class Logbook {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #settings: WriterSettings;
  readonly #cache: BlockCache;
  readonly #openLogLimit: number;
  /** In order of use, the least recent first. */
  readonly #open = new Map<string, OpenLog>();
  readonly #busy = new Set<string>();

  private constructor(settings: LogbookSettings) {
    this.#folder = settings.folder;
    this.#disk = settings.disk ?? nodeDisk;
    this.#cache = new BlockCache(settings.blockCacheBytes ?? 16 * 1024 * 1024);
    this.#openLogLimit = settings.openLogLimit ?? 256;
    this.#settings = {
      lineLimitBytes: Math.min(settings.lineLimitBytes ?? 16 * 1024, RUN_LIMIT_BYTES),
      idleFlushMs: settings.idleFlushMs ?? 2000,
      logLimitBytes: settings.logLimitBytes ?? 10 * 1024 ** 3,
      inFlightLimitBytes: settings.inFlightLimitBytes ?? 1024 * 1024,
      clock: settings.clock ?? Date.now,
    };
  }

  /** Opens a folder of logs. */
  static async open(settings: LogbookSettings): Promise<Logbook> {
    const logbook = new Logbook(settings);
    await makeFolder(logbook.#disk, settings.folder);
    return logbook;
  }

  /** Begins a new log. Throws when there is one of this id, or ever was a beginning of one. */
  async create(logId: string): Promise<LogWriter> {
    const files = logFiles(this.#folder, logId);
    return this.#exclusive(logId, async () => {
      const parent = `${this.#folder}/${logId.slice(0, 2)}`;
      if (await makeFolder(this.#disk, parent)) await this.#disk.syncFolder(this.#folder);
      if (!(await makeFolder(this.#disk, files.folder))) throw new Error(`there is a log ${logId} already`);
      await this.#disk.syncFolder(parent);
      const hot = await createHotLog(this.#disk, files, this.#settings.clock());
      return this.#writer(logId, files, hot, undefined, undefined);
    });
  }

  /**
   * Goes on with a log whose writer is gone: keeps every whole, valid, contiguous line and cuts the torn tail
   * (`writer.recovery` says what). Throws when the log is sealed, is being written, or does not exist.
   */
  async resume(logId: string): Promise<LogWriter> {
    const files = logFiles(this.#folder, logId);
    return this.#exclusive(logId, async () => {
      const open = this.#find(logId);
      if (open === undefined && this.#disk.list(files.folder).length === 0 && !this.#hasFolder(logId))
        throw unknownLog(logId);
      if (open?.sealed !== undefined) throw new Error(`log ${logId} is sealed`);
      if (open?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      open?.close();
      this.#open.delete(logId);
      const { hot, recovery, lastRun } = await recoverHotLog(this.#disk, files);
      return this.#writer(logId, files, hot, recovery, lastRun);
    });
  }

  /**
   * The logs that have a hot form and no sealed one, and no writer: those to resume at start. Hot files that a crash left
   * beside a sealed log are removed on the way.
   */
  async unsealed(): Promise<string[]> {
    const found: string[] = [];
    for (const prefix of this.#disk.list(this.#folder)) {
      for (const logId of this.#disk.list(`${this.#folder}/${prefix}`)) {
        if (!isLogId(logId) || this.#open.get(logId)?.writer !== undefined || this.#busy.has(logId)) continue;
        const files = logFiles(this.#folder, logId);
        const names = this.#disk.list(files.folder);
        if (names.length === 2 && names.includes('log.idx') && names.includes('log.ndjson.gz')) continue;
        if (this.#find(logId)?.sealed === undefined) found.push(logId);
        else await this.#removeHot(files);
      }
    }
    return found;
  }

  /** How far a log is, or undefined where there is none. */
  state(logId: string): LogState | undefined {
    const log = this.#find(logId);
    if (log === undefined) return undefined;
    const seal = log.sealed?.seal;
    return seal === undefined
      ? { lineCount: log.lineCount, sealed: false }
      : { lineCount: seal.lineCount, sealed: true, seal };
  }

  /** The lines after the first `offset`, at most `limit`; none past the end. The same bytes for as long as the log is kept. */
  page(logId: string, offset: number, limit = DEFAULT_PAGE_LINES): Page {
    return this.#get(logId).page(offset, limit);
  }

  /** Like `page`, each line with its time, step, attempt and whether it goes on in the next. */
  lines(logId: string, offset: number, limit = DEFAULT_PAGE_LINES): LogLine[] {
    return this.#get(logId).lines(offset, limit);
  }

  /** Follows a log from a line (from 1) to its seal. */
  follow(logId: string, fromLine: number, options: { signal?: AbortSignal } = {}): AsyncGenerator<FollowEvent, void> {
    return followLog(this.#get(logId), fromLine, options.signal);
  }

  /** Removes a log that nobody writes. Followers end. Removing one that is not there is no error. */
  async remove(logId: string): Promise<void> {
    const files = logFiles(this.#folder, logId);
    await this.#exclusive(logId, async () => {
      const open = this.#open.get(logId);
      if (open?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      open?.close();
      this.#open.delete(logId);
      this.#cache.forget(logId);
      if (!this.#hasFolder(logId)) return;
      for (const name of this.#disk.list(files.folder)) await this.#disk.remove(`${files.folder}/${name}`);
      await this.#disk.remove(files.folder);
      await this.#disk.syncFolder(`${this.#folder}/${logId.slice(0, 2)}`);
    });
  }

  /** Commits what writers hold, without sealing, and closes all files. Followers end. */
  async close(): Promise<void> {
    for (const log of this.#open.values()) await log.writer?.release();
    for (const log of this.#open.values()) log.close();
    this.#open.clear();
  }

  #writer(
    logId: string,
    files: LogFiles,
    hot: HotLog,
    recovery: Recovery | undefined,
    lastRun: Run | undefined,
  ): LogWriter {
    const log = new OpenLog(logId, hot);
    const writer = new LogWriter({
      logId,
      disk: this.#disk,
      files,
      hot,
      settings: this.#settings,
      place: { stage: lastRun?.stage ?? FIRST_STAGE, step: 0, attempt: lastRun?.attempt || 1 },
      recovery,
      onCommit: () => log.changed.notify(),
      onSeal: async () => {
        log.becomeSealed(this.#openSealed(logId, files));
        await this.#removeHot(files);
      },
    });
    log.writer = writer;
    // Someone may have looked at the log while it was being recovered.
    this.#open.get(logId)?.close();
    this.#open.set(logId, log);
    return writer;
  }

  #get(logId: string): OpenLog {
    const log = this.#find(logId);
    if (log === undefined) throw unknownLog(logId);
    return log;
  }

  #find(logId: string): OpenLog | undefined {
    const open = this.#open.get(logId);
    if (open !== undefined) {
      this.#open.delete(logId);
      this.#open.set(logId, open);
      return open;
    }
    if (!isLogId(logId)) return undefined;
    const form = this.#openForm(logId);
    if (form === undefined) return undefined;
    const log = new OpenLog(logId, form);
    this.#open.set(logId, log);
    this.#closeIdle();
    return log;
  }

  #openForm(logId: string): HotLog | SealedLog | undefined {
    const files = logFiles(this.#folder, logId);
    const names = this.#disk.list(files.folder);
    const isHot = names.includes('hot.ndjson') && names.includes('hot.idx');
    if (names.includes('log.idx')) {
      try {
        return this.#openSealed(logId, files);
      } catch (error) {
        // An unsound seal beside the hot files it was made from: those still are the log.
        if (!isHot) throw new Error(`open log ${logId}`, { cause: error });
      }
    }
    return isHot ? loadHotLog(this.#disk, files).hot : undefined;
  }

  #openSealed(logId: string, files: LogFiles): SealedLog {
    const archive = this.#disk.open(files.archive, 'read');
    try {
      const index = this.#disk.open(files.sealedIndex, 'read');
      try {
        return new SealedLog(logId, archive, index, this.#cache);
      } catch (error) {
        index.close();
        throw error;
      }
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  #closeIdle(): void {
    for (const [logId, log] of this.#open) {
      if (this.#open.size <= this.#openLogLimit) return;
      if (!log.isIdle) continue;
      log.close();
      this.#open.delete(logId);
    }
  }

  #hasFolder(logId: string): boolean {
    return this.#disk.list(`${this.#folder}/${logId.slice(0, 2)}`).includes(logId);
  }

  async #removeHot(files: LogFiles): Promise<void> {
    for (const path of [files.hotIndexTemp, files.hotText, files.hotIndex, files.archiveTemp, files.sealedIndexTemp]) {
      await this.#disk.remove(path);
    }
    await this.#disk.syncFolder(files.folder);
  }

  async #exclusive<T>(logId: string, act: () => Promise<T>): Promise<T> {
    if (this.#busy.has(logId)) throw new Error(`log ${logId} is being opened`);
    this.#busy.add(logId);
    try {
      return await act();
    } finally {
      this.#busy.delete(logId);
    }
  }
}

async function makeFolder(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.makeFolder(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function unknownLog(logId: string): Error {
  return new Error(`there is no log ${JSON.stringify(logId)}`);
}
