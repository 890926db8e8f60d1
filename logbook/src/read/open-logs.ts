import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { failpoint } from '../disk/failpoint.ts';
import { isEvidence, isLogId, type LogFiles, logFiles } from '../disk/log-files.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { type SealMismatch, sealMismatches } from '../format/log-channels.ts';
import { HotLog } from '../hot/hot-log.ts';
import type { Journal } from '../hot/journal.ts';
import { BlockCache } from '../sealed/block-cache.ts';
import type { FolderArchives } from '../sealed/folder-archives.ts';
import { SealedLog } from '../sealed/sealed-log.ts';
import { OpenLog } from './open-log.ts';

interface OpenLogsMeans {
  readonly root: string;
  readonly disk: Disk;
  readonly archives: FolderArchives;
  readonly journal: Journal;
  readonly limits: { logs: number; blockCacheBytes: number };
}

/** The open logs, by id: those in use, and as many others as the limit allows, most recently used ones. */
export class OpenLogs {
  readonly #root: string;
  readonly #disk: Disk;
  readonly #archives: FolderArchives;
  readonly #journal: Journal;
  readonly #limit: number;
  readonly #cache: BlockCache;
  /** In order of use, the least recent first. */
  readonly #logs = new Map<string, OpenLog>();
  /** The last one in that order: a log that is read page after page need not be moved for each page. */
  #lastUsed: OpenLog | undefined;
  #isClosed = false;
  /** Removals of hot files that are in progress. */
  readonly #removals = new Map<string, Promise<void>>();

  constructor(means: OpenLogsMeans) {
    this.#root = means.root;
    this.#disk = means.disk;
    this.#archives = means.archives;
    this.#journal = means.journal;
    this.#limit = means.limits.logs;
    this.#cache = new BlockCache(means.limits.blockCacheBytes);
  }

  /** A log that is open already. */
  peek(logId: string): OpenLog | undefined {
    return this.#logs.get(logId);
  }

  /** The log, opened if necessary; undefined if it does not exist or all are closed. Throws if it exists but cannot be read. */
  find(logId: string): OpenLog | undefined {
    const open = this.#logs.get(logId);
    if (open !== undefined) {
      if (open !== this.#lastUsed) this.#putLast(open);
      return open;
    }
    if (this.#isClosed || !isLogId(logId)) return undefined;
    const form = this.#openForm(logId);
    if (form === undefined) return undefined;
    const log = new OpenLog(logId, form);
    this.add(log);
    return log;
  }

  add(log: OpenLog): void {
    // Someone may have read the log, and so opened it, while it was being recovered.
    const former = this.#logs.get(log.logId);
    if ('log' in log.form) log.form.log.onGrowth = () => log.changed.notify();
    this.#putLast(log);
    former?.close();
    this.#closeIdle();
  }

  /** Closes a log and drops its cache. */
  drop(logId: string): void {
    const log = this.#logs.get(logId);
    this.#logs.delete(logId);
    this.#cache.forget(logId);
    log?.close();
  }

  /** Opens the sealed form. Throws if it is damaged. */
  openSealed(logId: string): SealedLog {
    const archive = this.#archives.open(logId);
    try {
      return new SealedLog(logId, archive, this.#cache);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /** Whether a log is sealed, or was. Removes hot files that a crash left beside an undamaged seal. */
  async isSealed(logId: string): Promise<boolean> {
    const files = logFiles(this.#root, logId);
    const names = this.#disk.list(files.folder).filter((name) => !isEvidence(name));
    if (names.length === 1 && names.includes('log.ndjson.gz')) return true;
    if (!names.includes('log.idx')) return false;
    if (names.length === 2 && names.includes('log.ndjson.gz')) return true;
    // A crash came between the seal and the removal of the hot files, which are kept unless the seal is undamaged.
    const isSound = this.find(logId)?.sealed !== undefined;
    if (isSound) await this.#removeHot(logId, files);
    return isSound;
  }

  /** Begins to remove the hot files of a log that was just sealed, which takes a while for a large file. */
  removeHotLater(logId: string, files: LogFiles): void {
    // The log is sealed whether or not this succeeds: the next `unsealed` removes the rest.
    const removal = this.#removeHot(logId, files).catch(() => undefined);
    this.#removals.set(logId, removal);
    removal.finally(() => this.#removals.delete(logId));
  }

  /** Resolves when no removal of a log's hot files is in progress. */
  async hotRemoved(logId: string): Promise<void> {
    await this.#removals.get(logId);
  }

  /** Lets writers commit what they hold, then closes everything. */
  async closeAll(): Promise<void> {
    for (const log of this.#logs.values()) await log.writer?.release();
    this.#isClosed = true;
    const logs = [...this.#logs.values()];
    // Cleared first: followers are woken, and read once more.
    this.#logs.clear();
    for (const log of logs) log.close();
    await Promise.all(this.#removals.values());
  }

  /** Removes the hot form, and temporary files, of a log that is sealed. */
  async #removeHot(logId: string, files: LogFiles): Promise<void> {
    failpoint('seal.beforeDeleteLocal');
    const names = this.#disk.list(files.folder);
    for (const name of names) if (name.endsWith('.tmp')) await this.#disk.remove(join(files.folder, name));
    await this.#journal.remove(logId);
  }

  #putLast(log: OpenLog): void {
    this.#logs.delete(log.logId);
    this.#logs.set(log.logId, log);
    this.#lastUsed = log;
  }

  #openForm(logId: string): HotLog | SealedLog | undefined {
    const files = logFiles(this.#root, logId);
    const names = this.#disk.list(files.folder);
    if (names.includes('log.idx')) {
      try {
        return this.openSealed(logId);
      } catch (cause) {
        const { message: reason } = cause as Error;
        sealMismatches.publish({ logId, reason } satisfies SealMismatch);
        // A damaged seal beside the hot form that it was made from: the hot form is still the log.
        const hot = this.#openHot(logId);
        if (hot === undefined) throw new Error(`open log ${logId}`, { cause });
        return hot;
      }
    }
    const hot = this.#openHot(logId);
    if (hot !== undefined) return hot;
    // No crash leaves an archive without the rest: the hot files exist before it gets its name, and are removed after
    // log.idx has its own.
    if (!names.includes('log.ndjson.gz') || names.some((name) => name.startsWith('hot.'))) return undefined;
    throw new Error(`open log ${logId}`, { cause: new DamagedLog('log.idx is missing') });
  }

  #openHot(logId: string): HotLog | undefined {
    const log = this.#journal.open(logId);
    return log && new HotLog(log);
  }

  #closeIdle(): void {
    for (const [logId, log] of this.#logs) {
      if (this.#logs.size <= this.#limit) return;
      if (log.isIdle) this.#closeOne(logId, log);
    }
  }

  #closeOne(logId: string, log: OpenLog): void {
    this.#logs.delete(logId);
    log.close();
  }
}
