import { dirname } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { type LogFiles, logFiles } from '../disk/log-files.ts';
import { clearBeginning, hasFolder, listLogs } from '../disk/log-folder.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { NO_COUNTS } from '../format/log-counts.ts';
import type { Seal, Verdict } from '../format/seal.ts';
import { HotLog } from '../hot/hot-log.ts';
import type { Journal, Recovered } from '../hot/journal.ts';
import type { ArchivedLogs, ArchivedLogsMeans } from '../read/archived-logs.ts';
import { NoSuchLog } from '../read/log-reader.ts';
import type { LogTurns } from '../read/log-turns.ts';
import { OpenLog } from '../read/open-log.ts';
import type { OpenLogs } from '../read/open-logs.ts';
import type { ArchiveRef, ArchiveStore } from '../sealed/archive-store.ts';
import type { FolderArchives } from '../sealed/folder-archives.ts';
import { repairSealed } from '../sealed/index-repair.ts';
import { verifyLog } from '../sealed/verify.ts';
import { LogWriter } from '../write/log-writer.ts';
import { sealOrRelease } from '../write/seal-or-release.ts';
import { stageMarkOf } from '../write/stage-mark.ts';
import type { WriterSettings } from '../write/writer-means.ts';

interface StoredLogsMeans {
  readonly folder: string;
  readonly disk: Disk;
  readonly archives: FolderArchives;
  readonly journal: Journal;
  readonly logs: OpenLogs;
  readonly turns: LogTurns;
  readonly writers: WriterSettings;
}

/** A log that a writer creates or takes over. */
type Opened = Pick<Recovered, 'log' | 'counts'> & Partial<Recovered>;

/** The stage of lines written before any stage began. */
const FIRST_STAGE = 'GIT_CLONE';

/** The logs of a folder, from their creation to their removal. `Logbook` says what each method promises. */
export class StoredLogs {
  readonly #means: StoredLogsMeans;

  constructor(means: StoredLogsMeans) {
    this.#means = means;
  }

  async create(logId: string, epoch?: number): Promise<LogWriter> {
    const { disk, folder, journal, turns, writers } = this.#means;
    const files = logFiles(folder, logId);
    return turns.alone(logId, async () => {
      if (!(await clearBeginning(disk, files))) throw new Error(`there is a log ${logId} already`);
      return turns.unseen(logId, async () => {
        // With any journal, the sealed form goes here, and logs are listed by their folders.
        await makeFolder(disk, dirname(files.folder));
        await makeFolder(disk, files.folder);
        const log = await journal.create(logId, { epoch, nowMs: writers.clock() });
        return this.#write(logId, files, { log, counts: NO_COUNTS });
      });
    });
  }

  async resume(logId: string, epoch?: number): Promise<LogWriter> {
    const { disk, folder, journal, logs, turns, writers } = this.#means;
    const files = logFiles(folder, logId);
    return turns.alone(logId, async () => {
      const open = logs.find(logId);
      if (open === undefined && !hasFolder(disk, files)) throw new NoSuchLog(logId);
      if (open?.sealed !== undefined) throw new Error(`log ${logId} is sealed`);
      if (open?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      logs.drop(logId);
      return this.#write(logId, files, await journal.recover(logId, { epoch, nowMs: writers.clock() }));
    });
  }

  async unsealed(): Promise<string[]> {
    const { disk, folder, logs, turns } = this.#means;
    const found: string[] = [];
    for (const logId of await listLogs(disk, folder)) {
      if (logs.peek(logId)?.writer !== undefined || turns.isBusy(logId)) continue;
      if (!(await logs.isSealed(logId))) found.push(logId);
    }
    return found;
  }

  async repair(logId: string, verdict: Verdict): Promise<Seal | undefined> {
    const { disk, folder, logs, turns, writers } = this.#means;
    const files = logFiles(folder, logId);
    if (!hasFolder(disk, files)) return undefined;
    await logs.peek(logId)?.writer?.release();
    if (!(await logs.isSealed(logId))) return sealOrRelease(await this.resume(logId), verdict);
    return turns.alone(logId, () =>
      turns.unseen(logId, async () => {
        logs.drop(logId);
        return repairSealed(disk, files, () => logs.openSealed(logId), writers.clock());
      }),
    );
  }

  /** The sealed logs without a writer. What recovery cut from a damaged log stays beside it, so that log stays too. */
  async sealed(): Promise<string[]> {
    const { disk, folder, logs, turns } = this.#means;
    const found: string[] = [];
    for (const logId of await listLogs(disk, folder)) {
      if (logs.peek(logId)?.writer !== undefined || turns.isBusy(logId)) continue;
      const names = disk.list(logFiles(folder, logId).folder);
      if (names.length === 2 && names.includes('log.idx') && names.includes('log.ndjson.gz')) found.push(logId);
    }
    return found;
  }

  async carry(logId: string, elsewhere: ArchivedLogsMeans | undefined): Promise<void> {
    if (elsewhere === undefined) throw new Error('there is no store to carry logs to');
    const { archives, logs, turns } = this.#means;
    const seal = logs.find(logId)?.sealed?.seal;
    if (seal === undefined) throw new Error(`log ${logId} is not sealed here`);
    await logs.hotRemoved(logId);
    const named = await elsewhere.refs.find(logId);
    // The log can be removed meanwhile: this may take as long as the store takes.
    const put = named === undefined ? await this.#put(logId, seal, elsewhere.archives) : undefined;
    await turns.alone(logId, async () => {
      if (logs.find(logId)?.sealed?.seal.sealedAtMs !== seal.sealedAtMs) {
        if (put !== undefined) await elsewhere.archives.remove(put);
        return;
      }
      if (put !== undefined) await elsewhere.refs.keep(logId, put);
      await turns.unseen(logId, async () => {
        logs.drop(logId);
        await archives.remove(logId);
      });
    });
  }

  async #put(logId: string, seal: Seal, target: ArchiveStore): Promise<ArchiveRef> {
    const { archives, disk, folder } = this.#means;
    const files = logFiles(folder, logId);
    const { damage } = await verifyLog({ disk, archives }, files, seal.lineCount);
    if (damage[0]) throw new DamagedLog(`log ${logId} cannot be carried: ${damage[0].reason}`);
    return target.put(logId, { seal, archivePath: files.archive, indexPath: files.sealedIndex });
  }

  async remove(logId: string, elsewhere: ArchivedLogs | undefined): Promise<void> {
    const { archives, journal, logs, turns } = this.#means;
    await turns.alone(logId, async () => {
      if (logs.peek(logId)?.writer !== undefined) throw new Error(`log ${logId} is being written`);
      await turns.unseen(logId, async () => {
        logs.drop(logId);
        await logs.hotRemoved(logId);
        await elsewhere?.remove(logId);
        await archives.remove(logId);
        await journal.remove(logId);
      });
    });
  }

  #write(logId: string, files: LogFiles, { log: journalLog, counts, recovery, lastRun }: Opened): LogWriter {
    const { disk, archives, logs, writers } = this.#means;
    const hot = new HotLog(journalLog);
    const log = new OpenLog(logId, hot);
    const writer = new LogWriter({
      logId,
      disk,
      files,
      archives,
      hot,
      settings: writers,
      mark: stageMarkOf(lastRun?.stage ?? FIRST_STAGE, lastRun?.step ?? 0, lastRun?.attempt || 1),
      recovery,
      counts,
      onRelease: () => {
        log.writer = undefined;
      },
      onSeal: () => {
        log.becomeSealed(logs.openSealed(logId));
        logs.removeHotLater(logId, files);
      },
    });
    log.writer = writer;
    logs.add(log);
    return writer;
  }
}
