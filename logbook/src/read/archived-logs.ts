import type { Answer } from '../format/answer.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import type { ArchiveRef, ArchiveRefs, ArchiveStore, StoredArchive } from '../sealed/archive-store.ts';
import { BlockCache } from '../sealed/block-cache.ts';
import { SealedLog } from '../sealed/sealed-log.ts';
import { LocalReader } from './local-reader.ts';
import { type Log, NoSuchLog, type OpenOptions } from './log-reader.ts';
import { OpenLog } from './open-log.ts';

/** A store that is elsewhere, which logs it has, and the memory for what was read from it. */
export interface ArchivedLogsMeans {
  readonly archives: ArchiveStore;
  readonly refs: ArchiveRefs;
  /** For indexes; the one that was used last is always kept. */
  readonly indexBytes: number;
  /** For inflated blocks. */
  readonly blockBytes: number;
  /** Objects of a removed log could not be removed. No name leads to them, and a sweep removes them later. */
  onLeft(ref: ArchiveRef, error: unknown): void;
}

/** The sealed logs of a store that is elsewhere. What was read from it is kept, up to a number of bytes. */
export class ArchivedLogs {
  readonly #means: ArchivedLogsMeans;
  readonly #cache: BlockCache;
  /** In order of use, the least recent first. */
  readonly #logs = new Map<string, { log: OpenLog; indexBytes: number }>();
  readonly #opening = new Map<string, Promise<OpenLog | undefined>>();
  #indexBytes = 0;
  /** Logs that were removed so far: one that is being opened may be among them. */
  #removals = 0;

  constructor(means: ArchivedLogsMeans) {
    this.#means = means;
    this.#cache = new BlockCache(means.blockBytes);
  }

  /** A log that is open already. */
  peek(logId: string): OpenLog | undefined {
    const open = this.#logs.get(logId);
    if (open === undefined) return undefined;
    this.#logs.delete(logId);
    this.#logs.set(logId, open);
    return open.log;
  }

  /** The log, opened if necessary; undefined if the store has none of this id. Throws if it has it but cannot give it. */
  find(logId: string): Answer<OpenLog | undefined> {
    const open = this.peek(logId);
    if (open !== undefined) return open;
    let opening = this.#opening.get(logId);
    if (opening === undefined) {
      opening = this.#open(logId).finally(() => this.#opening.delete(logId));
      this.#opening.set(logId, opening);
    }
    return opening;
  }

  /** A reader of a log that the store has. Its first read opens the log, if it is not open. */
  reader(logId: string, { signal }: OpenOptions = {}): Log {
    return new LocalReader({ get: async () => orThrow(logId, await this.find(logId)), signal });
  }

  /** The files of a log, for a caller who closes them; undefined if the store has none of this id. */
  async files(logId: string): Promise<StoredArchive | undefined> {
    const { archives, refs } = this.#means;
    const ref = await refs.find(logId);
    if (ref === undefined) return undefined;
    try {
      return await archives.open(ref);
    } catch (error) {
      // It may have been removed meanwhile, and is no damaged log then.
      if (error instanceof DamagedLog && (await refs.find(logId)) !== ref) return undefined;
      throw error;
    }
  }

  /**
   * Removes a log, if the store has it. It is gone once it has no name: an interruption leaves objects that nothing names,
   * which a sweep removes.
   */
  async remove(logId: string): Promise<void> {
    const { archives, refs, onLeft } = this.#means;
    const ref = await refs.forget(logId);
    this.#removals += 1;
    this.#close(logId);
    if (ref !== undefined) await archives.remove(ref).catch((error: unknown) => onLeft(ref, error));
  }

  close(): void {
    for (const logId of [...this.#logs.keys()]) this.#close(logId);
  }

  async #open(logId: string): Promise<OpenLog | undefined> {
    const before = this.#removals;
    const archive = await this.files(logId);
    if (archive === undefined) return undefined;
    if (this.#removals !== before) {
      archive.close();
      return this.#open(logId);
    }
    const indexBytes = archive.index.sizeBytes();
    let log: OpenLog;
    try {
      log = new OpenLog(logId, new SealedLog(logId, archive, this.#cache));
    } catch (error) {
      archive.close();
      throw error;
    }
    this.#logs.set(logId, { log, indexBytes });
    this.#indexBytes += indexBytes;
    for (const old of [...this.#logs.keys()]) {
      if (this.#indexBytes <= this.#means.indexBytes || old === logId) break;
      this.#close(old);
    }
    return log;
  }

  #close(logId: string): void {
    const open = this.#logs.get(logId);
    if (open === undefined) return;
    this.#logs.delete(logId);
    this.#indexBytes -= open.indexBytes;
    this.#cache.forget(logId);
    open.log.close();
  }
}

/** A log that was looked for. */
export function orThrow(logId: string, log: OpenLog | undefined): OpenLog {
  if (log === undefined) throw new NoSuchLog(logId);
  return log;
}
