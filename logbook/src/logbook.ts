import { type Disk, nodeDisk } from './disk/disk.ts';
import { isLogId, logFiles } from './disk/log-files.ts';
import { hasFolder } from './disk/log-folder.ts';
import { makeFolder } from './disk/make-folder.ts';
import { type Answer, withAnswer } from './format/answer.ts';
import type { LogLine } from './format/page.ts';
import type { Seal, Verdict } from './format/seal.ts';
import { LocalJournal } from './hot/local-journal.ts';
import { type LogbookSettings, writerSettings } from './life/logbook-settings.ts';
import { StoredLogs } from './life/stored-logs.ts';
import { ArchivedLogs, orThrow } from './read/archived-logs.ts';
import { type FollowEvent, followLog, LogCursor } from './read/follow.ts';
import { LocalReader } from './read/local-reader.ts';
import { type Log, type LogState, NoSuchLog, type OpenOptions, readLines } from './read/log-reader.ts';
import { LogTail } from './read/log-tail.ts';
import { LogTurns } from './read/log-turns.ts';
import type { OpenLog } from './read/open-log.ts';
import { OpenLogs } from './read/open-logs.ts';
import { FolderArchives } from './sealed/folder-archives.ts';
import { type Verification, verifyArchived, verifyLog } from './sealed/verify.ts';
import type { LogWriter } from './write/log-writer.ts';

export * from './exports.ts';

/**
 * A folder of build logs. Each log is appended by one writer, read by any number of readers while it grows, and then sealed. Only
 * one process may have a folder open at a time. A sealed log may be carried to a store elsewhere, and is read from there since.
 */
export class Logbook {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #archives: FolderArchives;
  readonly #logs: OpenLogs;
  readonly #turns = new LogTurns();
  /** Of the logs that are followed. */
  readonly #tails = new Map<string, LogTail>();
  readonly #stored: StoredLogs;
  #elsewhere: ArchivedLogs | undefined;
  readonly #settings: LogbookSettings;

  private constructor(settings: LogbookSettings) {
    const { folder, disk = nodeDisk, journal = new LocalJournal(disk, folder) } = settings;
    this.#settings = settings;
    this.#folder = folder;
    this.#disk = disk;
    const limits = {
      logs: settings.openLogLimit ?? 256,
      blockCacheBytes: settings.blockCacheBytes ?? 16 * 1024 * 1024,
    };
    const archives = new FolderArchives(disk, folder);
    this.#archives = archives;
    this.#logs = new OpenLogs({ root: folder, disk, archives, journal, limits });
    const [logs, turns, writers] = [this.#logs, this.#turns, writerSettings(settings)];
    this.#stored = new StoredLogs({ folder, disk, archives, journal, logs, turns, writers });
    this.#elsewhere = settings.elsewhere && new ArchivedLogs(settings.elsewhere);
  }

  /** Opens a folder of logs. */
  static async open(settings: LogbookSettings): Promise<Logbook> {
    const logbook = new Logbook(settings);
    await makeFolder(logbook.#disk, settings.folder);
    return logbook;
  }

  /** Creates a log, for a writer with this epoch (see `JournalHolder`). Throws if the id exists. */
  async create(logId: string, epoch?: number): Promise<LogWriter> {
    if ((await this.#settings.elsewhere?.refs.find(logId)) !== undefined)
      throw new Error(`there is a log ${logId} already`);
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

  /** Opens a log for reading; undefined if it does not exist. Throws if it exists but cannot be read. */
  open(logId: string, { signal }: OpenOptions = {}): Answer<Log | undefined> {
    return withAnswer(this.#find(logId), (log) => log && this.#reader(logId, signal));
  }

  /** The state of a log, or undefined if it does not exist. */
  async reach(logId: string): Promise<LogState | undefined> {
    return (await this.open(logId))?.reach();
  }

  /** See `readLines`. Throws `NoSuchLog` if there is none. */
  async lines(logId: string, offset: number, limit?: number): Promise<LogLine[]> {
    const log = await this.open(logId);
    if (log === undefined) throw new NoSuchLog(logId);
    return readLines(log, offset, limit);
  }

  /** A cursor in a log, which must be closed. `wake` is called when there are lines after it: see `LogCursor`. */
  cursor(logId: string, fromLine: number, wake: () => void): LogCursor {
    const log = this.#reader(logId);
    let tail = this.#tails.get(logId);
    if (tail === undefined) {
      const made = new LogTail(log, () => {
        if (this.#tails.get(logId) === made) this.#tails.delete(logId);
      });
      this.#tails.set(logId, made);
      tail = made;
    }
    return new LogCursor({ log, tail }, fromLine, wake);
  }

  /** Follows a log from a line (from 1) to its seal: see `followLog`. Throws `NoSuchLog` if there is none. */
  async *follow(logId: string, fromLine: number, options: OpenOptions = {}): AsyncGenerator<FollowEvent, void> {
    if ((await this.open(logId)) === undefined) throw new NoSuchLog(logId);
    yield* followLog((wake) => this.cursor(logId, fromLine, wake), options.signal);
  }

  /** Reads a whole log and reports what is damaged: see `verifyLog`. Undefined if the log does not exist. */
  async verify(logId: string): Promise<Verification | undefined> {
    const lines = this.#logs.peek(logId)?.lineCount ?? Number.MAX_SAFE_INTEGER;
    const files = logFiles(this.#folder, logId);
    if (!hasFolder(this.#disk, files)) return this.#elsewhere && verifyArchived(this.#elsewhere, logId);
    return verifyLog({ disk: this.#disk, archives: this.#archives }, files, lines);
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
    // Another log may get the id: those who follow this one keep the lines that they share.
    this.#tails.delete(logId);
    return this.#stored.remove(logId, this.#elsewhere);
  }

  /** The sealed logs of the folder, which `carry` can take elsewhere. */
  sealedHere(): Promise<string[]> {
    return this.#stored.sealed();
  }

  /**
   * Puts a sealed log into the store elsewhere, and then removes it from the folder. Readers and followers go on. If it rejects, the log
   * is where it was, and it may be repeated: `DamagedLog` if it is not what its seal says, `UnreachableLog` if it cannot be put.
   */
  carry(logId: string): Promise<void> {
    return this.#stored.carry(logId, this.#settings.elsewhere);
  }

  /** Commits what writers hold, without sealing, and closes all files. Followers end. */
  async close(): Promise<void> {
    await this.#logs.closeAll();
    this.#elsewhere?.close();
    this.#elsewhere = undefined;
  }

  /** A log of the folder answers at once. One that is elsewhere and open is sealed, so the folder has nothing newer. */
  #find(logId: string): Answer<OpenLog | undefined> {
    const isHidden = this.#turns.isHidden(logId);
    const open = isHidden || this.#logs.peek(logId) === undefined ? this.#elsewhere?.peek(logId) : undefined;
    const here = open ?? (isHidden ? undefined : this.#logs.find(logId));
    if (here !== undefined || this.#elsewhere === undefined || !isLogId(logId)) return here;
    return this.#elsewhere.find(logId);
  }

  #get(logId: string): Answer<OpenLog> {
    const log = this.#find(logId);
    return log instanceof Promise ? log.then((found) => orThrow(logId, found)) : orThrow(logId, log);
  }

  #reader(logId: string, signal?: AbortSignal): LocalReader {
    return new LocalReader({ get: () => this.#get(logId), signal });
  }
}
