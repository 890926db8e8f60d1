import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArchiveDraft, ArchiveRef, ArchiveStore, StoredArchive } from '../sealed/archive-store.ts';

/** Answers as a store that is elsewhere does: a turn later, after others have read. It can change bytes on their way. */
export class LateArchives implements ArchiveStore {
  /** Reads of archives so far. */
  reads = 0;
  /** Changes what a read returns; `read` counts from 1. */
  onTheWay: (bytes: Buffer, read: number) => void = () => undefined;
  readonly #archives: ArchiveStore;

  constructor(archives: ArchiveStore) {
    this.#archives = archives;
  }

  async put(logId: string, draft: ArchiveDraft): Promise<ArchiveRef> {
    await nextTurn();
    return this.#archives.put(logId, draft);
  }

  async open(ref: ArchiveRef): Promise<StoredArchive> {
    await nextTurn();
    const archive = await this.#archives.open(ref);
    return {
      index: archive.index,
      archiveBytes: archive.archiveBytes,
      read: async (fromByte, toByte) => {
        this.reads += 1;
        const read = this.reads;
        await nextTurn();
        // Copied before anything else reads.
        const answer = archive.read(fromByte, toByte);
        const bytes = Buffer.from(answer instanceof Promise ? await answer : answer);
        this.onTheWay(bytes, read);
        await nextTurn();
        return bytes;
      },
      stream: (fromByte, toByte) => Readable.from(archive.stream(fromByte, toByte)),
      close: () => archive.close(),
    };
  }

  async remove(ref: ArchiveRef): Promise<void> {
    await nextTurn();
    await this.#archives.remove(ref);
  }
}
