import type { Readable } from 'node:stream';
import { type Disk, type DiskFile, isMissing, streamFile } from '../disk/disk.ts';
import { failpoint } from '../disk/failpoint.ts';
import { logFiles } from '../disk/log-files.ts';
import { removeLog } from '../disk/log-folder.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { SLICE_BYTES } from '../format/slice-memory.ts';
import type { ArchiveDraft, ArchiveRef, ArchiveStore, StoredArchive } from './archive-store.ts';

/** Reads of up to this size share their memory. */
const scratch = Buffer.allocUnsafeSlow(SLICE_BYTES);

/** Sealed logs in the folders in which they were running. */
export class FolderArchives implements ArchiveStore {
  readonly #disk: Disk;
  readonly #root: string;

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  /** The draft's files are renamed. They are in the log's folder, and the archiver has read them back. */
  async put(logId: string, { archivePath, indexPath }: ArchiveDraft): Promise<ArchiveRef> {
    const files = logFiles(this.#root, logId);
    await this.#disk.rename(archivePath, files.archive);
    await this.#disk.syncFolder(files.folder);
    failpoint('seal.afterRename');
    // The index under its own name makes a log sealed, so it is renamed last.
    await this.#disk.rename(indexPath, files.sealedIndex);
    await this.#disk.syncFolder(files.folder);
    return logId;
  }

  open(ref: ArchiveRef): StoredArchive {
    const files = logFiles(this.#root, ref);
    const archive = this.#openFile(files.archive, `log.ndjson.gz of ${ref}`);
    try {
      const index = this.#openFile(files.sealedIndex, `log.idx of ${ref}`);
      return new FolderArchive(files.archive, archive, index);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /** Removes the log's folder, with all that it has. */
  remove(ref: ArchiveRef): Promise<void> {
    return removeLog(this.#disk, logFiles(this.#root, ref));
  }

  #openFile(path: string, name: string): DiskFile {
    try {
      return this.#disk.open(path, 'read');
    } catch (cause) {
      if (isMissing(cause)) throw new DamagedLog(`${name} is missing`, { cause });
      throw cause;
    }
  }
}

class FolderArchive implements StoredArchive {
  readonly index: DiskFile;
  readonly archiveBytes: number;
  readonly #path: string;
  readonly #archive: DiskFile;

  constructor(path: string, archive: DiskFile, index: DiskFile) {
    this.#path = path;
    this.#archive = archive;
    this.index = index;
    this.archiveBytes = archive.sizeBytes();
  }

  read(fromByte: number, toByte: number): Buffer {
    const sizeBytes = toByte - fromByte;
    const target = sizeBytes > SLICE_BYTES ? Buffer.allocUnsafe(sizeBytes) : scratch.subarray(0, sizeBytes);
    return target.subarray(0, this.#archive.read(target, fromByte));
  }

  stream(fromByte: number, toByte: number): Readable {
    return streamFile(this.#path, fromByte, toByte);
  }

  close(): void {
    this.#archive.close();
    this.index.close();
  }
}
