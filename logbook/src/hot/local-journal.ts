import { type Disk, isMissing } from '../disk/disk.ts';
import { logFiles } from '../disk/log-files.ts';
import { hasFolder } from '../disk/log-folder.ts';
import { createHotLog, loadHotLog, recoverHotLog } from './hot-recovery.ts';
import type { Journal, JournalHolder, JournalLog, Recovered } from './journal.ts';
import type { LocalLog } from './local-log.ts';

/** The journal of one machine: each running log is its hot files, which one process has open. */
export class LocalJournal implements Journal {
  readonly #disk: Disk;
  readonly #root: string;
  /** The current writer of each log. Epochs of one process only, since nothing on disk guards against two. */
  readonly #holders = new Map<string, { epoch: number; log: WeakRef<LocalLog> }>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  async create(logId: string, { epoch = 0, nowMs }: JournalHolder): Promise<JournalLog> {
    const log = await createHotLog(this.#disk, logFiles(this.#root, logId), nowMs);
    this.#holders.set(logId, { epoch, log: new WeakRef(log) });
    return log;
  }

  open(logId: string): JournalLog | undefined {
    try {
      return loadHotLog(this.#disk, logFiles(this.#root, logId)).log;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async recover(logId: string, holder: JournalHolder): Promise<Recovered> {
    const before = this.#holders.get(logId);
    const epoch = holder.epoch ?? before?.epoch ?? 0;
    if (before !== undefined && before.epoch > epoch) {
      throw new Error(`log ${logId} has a holder of epoch ${before.epoch}, which is higher than ${epoch}`);
    }
    before?.log.deref()?.refuse(`the log was taken over, by a holder of epoch ${epoch}`);
    const found = await recoverHotLog(this.#disk, logFiles(this.#root, logId));
    this.#holders.set(logId, { epoch, log: new WeakRef(found.log) });
    return found;
  }

  async remove(logId: string): Promise<void> {
    const files = logFiles(this.#root, logId);
    this.#holders.delete(logId);
    if (!hasFolder(this.#disk, files)) return;
    for (const path of [files.hotText, files.hotIndex, files.hotIndexTemp]) await this.#disk.remove(path);
    await this.#disk.syncFolder(files.folder);
  }
}
