import type { Answer } from '../format/answer.ts';
import type { ArchiveRef, ArchiveStore } from '../sealed/archive-store.ts';
import { BlockCache } from '../sealed/block-cache.ts';
import { SealedLog } from '../sealed/sealed-log.ts';
import { LocalReader } from './local-reader.ts';
import type { Log, OpenOptions } from './log-reader.ts';
import { OpenLog } from './open-log.ts';

/** The memory for what was read from a store. */
interface ArchiveLimits {
  /** For indexes; the one that was used last is always kept. */
  indexBytes: number;
  /** For inflated blocks. */
  blockBytes: number;
}

/** The sealed logs of a store that is elsewhere. What was read from it is kept, up to a number of bytes. */
export class ArchivedLogs {
  readonly #archives: ArchiveStore;
  readonly #limits: ArchiveLimits;
  readonly #cache: BlockCache;
  /** In order of use, the least recent first. */
  readonly #logs = new Map<ArchiveRef, { log: OpenLog; indexBytes: number }>();
  readonly #opening = new Map<ArchiveRef, Promise<OpenLog>>();
  #indexBytes = 0;

  constructor(archives: ArchiveStore, limits: ArchiveLimits) {
    this.#archives = archives;
    this.#limits = limits;
    this.#cache = new BlockCache(limits.blockBytes);
  }

  /** A reader of a log that the store has. Its first read opens the log, if it is not open. */
  reader(ref: ArchiveRef, { signal }: OpenOptions = {}): Log {
    return new LocalReader({ get: () => this.#get(ref), signal });
  }

  /** Removes a log from the store. */
  async remove(ref: ArchiveRef): Promise<void> {
    await this.#archives.remove(ref);
    this.#close(ref);
  }

  close(): void {
    for (const ref of [...this.#logs.keys()]) this.#close(ref);
  }

  #get(ref: ArchiveRef): Answer<OpenLog> {
    const open = this.#logs.get(ref);
    if (open !== undefined) {
      this.#logs.delete(ref);
      this.#logs.set(ref, open);
      return open.log;
    }
    let opening = this.#opening.get(ref);
    if (opening === undefined) {
      opening = this.#open(ref).finally(() => this.#opening.delete(ref));
      this.#opening.set(ref, opening);
    }
    return opening;
  }

  async #open(ref: ArchiveRef): Promise<OpenLog> {
    const archive = await this.#archives.open(ref);
    const indexBytes = archive.index.sizeBytes();
    let log: OpenLog;
    try {
      log = new OpenLog(ref, new SealedLog(ref, archive, this.#cache));
    } catch (error) {
      archive.close();
      throw error;
    }
    this.#logs.set(ref, { log, indexBytes });
    this.#indexBytes += indexBytes;
    for (const old of [...this.#logs.keys()]) {
      if (this.#indexBytes <= this.#limits.indexBytes || old === ref) break;
      this.#close(old);
    }
    return log;
  }

  #close(ref: ArchiveRef): void {
    const open = this.#logs.get(ref);
    if (open === undefined) return;
    this.#logs.delete(ref);
    this.#indexBytes -= open.indexBytes;
    this.#cache.forget(ref);
    open.log.close();
  }
}
