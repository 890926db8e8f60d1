import type { Readable } from 'node:stream';
import { type ReadableFile, streamFile } from '../disk/disk.ts';
import type { Answer } from '../format/answer.ts';
import type { Seal } from '../format/seal.ts';

/** What a store calls a sealed log that it has. A folder calls it by the log's id. */
export type ArchiveRef = string;

/** Where sealed logs are kept: in the folders of their logs, or as objects elsewhere. */
export interface ArchiveStore {
  /**
   * Keeps a sealed log, and returns what to call it. Once it resolves, the store has both files durably, and what it has was
   * compared with the draft, whose files may then be removed. If it rejects, or the process ends before, nothing that was kept
   * before has changed, and it may be repeated.
   */
  put(logId: string, draft: ArchiveDraft): Promise<ArchiveRef>;
  /** Opens a sealed log. Throws `DamagedLog` if one of its files is missing, and `UnreachableLog` if the store cannot be asked. */
  open(ref: ArchiveRef): Answer<StoredArchive>;
  /** Removes a sealed log, if it exists. */
  remove(ref: ArchiveRef): Promise<void>;
}

/** Which logs a store has, and what it calls them: rows of a database. A log without one does not exist there. */
export interface ArchiveRefs {
  find(logId: string): Promise<ArchiveRef | undefined>;
  /** Names a log that the store has. Throws if the log has another name already. */
  keep(logId: string, ref: ArchiveRef): Promise<void>;
  /** Forgets a log's name, and returns it. */
  forget(logId: string): Promise<ArchiveRef | undefined>;
}

/** The files of a sealed log, in a store (docs/log-format.md). */
export interface StoredArchive {
  /** log.idx: here as soon as the archive is open. */
  readonly index: ReadableFile;
  /** The size of log.ndjson.gz. */
  readonly archiveBytes: number;
  /**
   * Bytes of log.ndjson.gz, from one to before another; fewer if it ends before. If they are here at once, they are valid
   * until the next read; if they are promised, they are the caller's own, and exactly those: what cannot be read is `UnreachableLog`.
   */
  read(fromByte: number, toByte: number): Answer<Buffer>;
  /** Many bytes of log.ndjson.gz, for a download. */
  stream(fromByte: number, toByte: number): Readable;
  close(): void;
}

/** A sealed log that was made: both files under temporary names, synced, and compared with the running log. */
export interface ArchiveDraft {
  readonly seal: Seal;
  readonly archivePath: string;
  readonly indexPath: string;
}

/** The bytes of one of a draft's files, for a store that copies them. */
export function draftFile({ archivePath, indexPath }: ArchiveDraft, file: 'archive' | 'index'): Readable {
  return streamFile(file === 'archive' ? archivePath : indexPath, 0, Number.POSITIVE_INFINITY);
}

/** An index that is in memory. */
export function bytesAsFile(bytes: Buffer): ReadableFile {
  return {
    read: (target, positionBytes) => (positionBytes < bytes.length ? bytes.copy(target, 0, positionBytes) : 0),
    sizeBytes: () => bytes.length,
  };
}
