import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, inflateRaw } from 'node:zlib';
import type { Disk, DiskFile } from '../disk/disk.ts';
import { failpoint } from '../disk/failpoint.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { BLOCKS_PER_RECORD, type Block, encodeBlocks } from '../format/block-table.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { encodeFileHeader, encodeRecord, FILE_HEADER_BYTES, RECORD, SEALED_MAGIC } from '../format/record.ts';
import { readAt } from '../format/record-reader.ts';
import type { Run } from '../format/run.ts';
import { encodeRuns, RUNS_PER_RECORD } from '../format/run-table.ts';
import type { Seal } from '../format/seal.ts';
import type { HotLog } from '../hot/hot-log.ts';
import { TRAILER_BYTES } from './archive-blocks.ts';
import type { ArchiveDraft } from './archive-store.ts';

/** What the caller knows about the log when it seals it; the archiver adds sizes and checksums. */
export type SealClaim = Pick<Seal, 'verdict' | 'reason' | 'ranges' | 'maskedValues' | 'droppedLines' | 'sealedAtMs'>;

const BLOCK_BYTES = 64 * 1024;
/** Deflated, no file name, no time: the same log gives the same bytes. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block: ends the deflate stream after the full flush of the last block of lines. */
const DEFLATE_END = Buffer.from([3, 0]);
/** The archive and its index are synced after this many bytes, so that the sync of the seal has little left to do. */
const SYNC_BYTES = 1024 * 1024;

const deflate = promisify<Buffer, object, Buffer>(deflateRaw);
const inflate = promisify<Buffer, object, Buffer>(inflateRaw);

/**
 * Turns a hot log into log.ndjson.gz and log.idx (docs/log-format.md) under temporary names, block by block while the
 * log grows. So sealing only has the last block left to do, whatever the size of the log. Each block is read from the
 * hot file, checked against the index, compressed off the main thread, written, read back, inflated and compared.
 */
export class Archiver {
  readonly #disk: Disk;
  readonly #files: LogFiles;
  readonly #hot: HotLog;
  #archive: DiskFile | undefined;
  #index: DiskFile | undefined;
  #archiveBytes = 0;
  #indexBytes = 0;
  #unsyncedBytes = 0;
  /** Archived so far. */
  #lineCount = 0;
  #textBytes = 0;
  #blockCount = 0;
  #textCrc = 0;
  /** Hashes what was read back from the archive, not what was written. */
  #sha256 = createHash('sha256');
  #blocks: Block[] = [];
  #runs: Run[] = [];
  #work: Promise<void> = Promise.resolve();
  #working = false;
  #isAbandoned = false;
  #hasFailed = false;
  readonly #onProgress: () => void;

  /** `onProgress` is called after each block, and if archiving in the background has failed. */
  constructor(disk: Disk, files: LogFiles, hot: HotLog, onProgress: () => void) {
    this.#onProgress = onProgress;
    this.#disk = disk;
    this.#files = files;
    this.#hot = hot;
  }

  /** Bytes of committed text that are not archived yet. */
  get backlogBytes(): number {
    return this.#hot.textBytes - this.#textBytes;
  }

  /** Archives full blocks in the background. `finish` reports errors. */
  advance(): void {
    const isIdle = !this.#working && !this.#hasFailed && !this.#isAbandoned;
    if (!isIdle || this.backlogBytes < 2 * BLOCK_BYTES) return;
    this.#working = true;
    this.#work = this.#takeBlocks(false).then(
      () => {
        this.#working = false;
        this.advance();
      },
      (error: unknown) => {
        this.#hasFailed = true;
        this.#onProgress();
        throw error;
      },
    );
    // The error stays in #work, and finish() throws it from there; this only marks it as handled.
    this.#work.catch(() => undefined);
  }

  /** Resolves when no work runs in the background; `hasFailed` reports failure. */
  async settled(): Promise<void> {
    // The error is kept in `hasFailed`, and `finish` throws it.
    while (this.#working && !this.#hasFailed) await this.#work.catch(() => undefined);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /**
   * Archives the rest, and returns the sealed form: temporary files, synced and verified. The hot form is still the log.
   */
  async finish(claim: SealClaim): Promise<ArchiveDraft> {
    failpoint('seal.begin');
    while (this.#working) await this.#work;
    await this.#takeBlocks(true);
    failpoint('seal.afterCompress');
    const { archive, index } = await this.#open();
    await archive.write([this.#trailer()], this.#archiveBytes);
    this.#archiveBytes += TRAILER_BYTES;
    await this.#writeTables(true);
    const seal: Seal = {
      lineCount: this.#lineCount,
      sizeBytes: this.#textBytes,
      sha256: this.#sha256.digest('hex'),
      ...claim,
      blockCount: this.#blockCount,
      archiveBytes: this.#archiveBytes,
    };
    const sealRecord = encodeRecord(RECORD.seal, Buffer.from(JSON.stringify(seal)));
    await index.write([sealRecord], this.#indexBytes);
    await Promise.all([archive.sync(), index.sync()]);
    failpoint('seal.afterSync');
    this.#verify(archive, index, sealRecord);
    this.close();
    return { seal, archivePath: this.#files.archiveTemp, indexPath: this.#files.sealedIndexTemp };
  }

  /** Gives up: waits for running work and closes the files. The temporary files are of no use. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    // The work is abandoned, so its error does not matter.
    await this.#work.catch(() => undefined);
    this.close();
  }

  close(): void {
    this.#archive?.close();
    this.#index?.close();
    this.#archive = undefined;
    this.#index = undefined;
  }

  async #takeBlocks(all: boolean): Promise<void> {
    let block: Run[] = [];
    let blockBytes = 0;
    for (const run of this.#hot.runs(this.#lineCount + 1)) {
      if (blockBytes > 0 && blockBytes + run.lengthBytes > BLOCK_BYTES) {
        await this.#takeBlock(block, blockBytes);
        if (this.#isAbandoned) return;
        this.#onProgress();
        block = [];
        blockBytes = 0;
      }
      block.push(run);
      blockBytes += run.lengthBytes;
    }
    if (all && blockBytes > 0) await this.#takeBlock(block, blockBytes);
  }

  async #takeBlock(runs: readonly Run[], textBytes: number): Promise<void> {
    const text = readAt(this.#hot.log, this.#textBytes, textBytes);
    checkRuns(text, runs);
    const gzip = await deflate(text, { finishFlush: constants.Z_FULL_FLUSH, chunkSize: BLOCK_BYTES });
    const { archive } = await this.#open();
    await archive.write([gzip], this.#archiveBytes);
    const crc = crc32(text);
    await this.#readBack(archive, gzip.length, textBytes, crc);
    this.#blocks.push({
      firstLine: this.#lineCount + 1,
      lineCount: runs.reduce((sum, run) => sum + run.lineCount, 0),
      textOffsetBytes: this.#textBytes,
      textBytes,
      crc,
      gzipOffsetBytes: this.#archiveBytes,
      gzipBytes: gzip.length,
    });
    this.#runs.push(...runs);
    this.#blockCount += 1;
    this.#archiveBytes += gzip.length;
    this.#textBytes += textBytes;
    this.#lineCount += this.#blocks.at(-1)?.lineCount ?? 0;
    this.#textCrc = crc32(text, this.#textCrc);
    await this.#writeTables(false);
    await this.#syncSome(gzip.length);
  }

  async #open(): Promise<{ archive: DiskFile; index: DiskFile }> {
    if (this.#archive === undefined || this.#index === undefined) {
      await this.#disk.remove(this.#files.archiveTemp);
      await this.#disk.remove(this.#files.sealedIndexTemp);
      this.#archive = this.#disk.open(this.#files.archiveTemp, 'create');
      this.#index = this.#disk.open(this.#files.sealedIndexTemp, 'create');
      await this.#archive.write([GZIP_HEADER], 0);
      await this.#index.write([encodeFileHeader(SEALED_MAGIC, Date.now())], 0);
      this.#archiveBytes = GZIP_HEADER.length;
      this.#indexBytes = FILE_HEADER_BYTES;
    }
    return { archive: this.#archive, index: this.#index };
  }

  async #syncSome(addedBytes: number): Promise<void> {
    this.#unsyncedBytes += addedBytes;
    if (this.#unsyncedBytes < SYNC_BYTES) return;
    this.#unsyncedBytes = 0;
    await this.#archive?.sync();
    await this.#index?.sync();
  }

  async #readBack(archive: DiskFile, gzipBytes: number, textBytes: number, crc: number): Promise<void> {
    const stored = readAt(archive, this.#archiveBytes, gzipBytes);
    const text = await inflate(stored, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: Math.max(textBytes, 64) });
    if (text.length !== textBytes || crc32(text) !== crc) {
      throw new Error(`the archive differs from the log in block ${this.#blockCount} when it is read back`);
    }
    this.#sha256.update(text);
  }

  async #writeTables(all: boolean): Promise<void> {
    const records: Buffer[] = [];
    if (this.#blocks.length >= BLOCKS_PER_RECORD || (all && this.#blocks.length > 0)) {
      records.push(encodeBlocks(this.#blocks));
      this.#blocks = [];
    }
    while (this.#runs.length >= RUNS_PER_RECORD || (all && this.#runs.length > 0)) {
      records.push(encodeRuns(this.#runs.splice(0, RUNS_PER_RECORD)));
    }
    const { index } = await this.#open();
    await index.write(records, this.#indexBytes);
    this.#indexBytes += records.reduce((sum, record) => sum + record.length, 0);
  }

  #trailer(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#textCrc, 0);
    trailer.writeUInt32LE(this.#textBytes % 2 ** 32, 4);
    return Buffer.concat([DEFLATE_END, trailer]);
  }

  #verify(archive: DiskFile, index: DiskFile, sealRecord: Buffer): void {
    const trailer = readAt(archive, this.#archiveBytes - TRAILER_BYTES, TRAILER_BYTES + 1);
    const stored = readAt(index, this.#indexBytes, sealRecord.length + 1);
    const whole = this.#lineCount === this.#hot.lineCount && this.#textBytes === this.#hot.textBytes;
    if (!whole || !trailer.equals(this.#trailer()) || !stored.equals(sealRecord)) {
      throw new Error('the archive differs from the log when it is read back');
    }
  }
}

function checkRuns(text: Buffer, runs: readonly Run[]): void {
  let at = 0;
  for (const run of runs) {
    if (crc32(text.subarray(at, at + run.lengthBytes)) !== run.crc) {
      const lastLine = run.firstLine + run.lineCount - 1;
      throw new DamagedLog(`hot.ndjson differs from its index in lines ${run.firstLine} to ${lastLine}`);
    }
    at += run.lengthBytes;
  }
}
