import type { Readable } from 'node:stream';
import type { ReadableFile } from '../disk/disk.ts';
import { type Answer, withAnswer } from '../format/answer.ts';
import { BLOCK_COLUMNS, type Block, blockAt, decodeBlockRows } from '../format/block-table.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { inflateBlocks, inflateSlice } from '../format/inflate-blocks.ts';
import { type SealMismatch, sealMismatches } from '../format/log-channels.ts';
import { emptyPage, type Page } from '../format/page.ts';
import { RECORD, SEALED_MAGIC } from '../format/record.ts';
import { readRecords } from '../format/record-reader.ts';
import { releaseMemory } from '../format/release-memory.ts';
import { decodeRuns, firstLineOfRuns, type RunRow } from '../format/run-table.ts';
import { readSeal, type Seal } from '../format/seal.ts';
import { SLICE_BYTES } from '../format/slice-memory.ts';
import { LF } from '../format/stored-line.ts';
import { emptySlice, sliceFrom, type TextSlice } from '../format/text-slice.ts';
import type { StoredArchive } from './archive-store.ts';
import type { BlockCache, OpenBlock } from './block-cache.ts';

/** The position of a `runs` record in log.idx. */
interface RunsPosition {
  firstLine: number;
  at: number;
  endBytes: number;
}

const FIRST_LINE = 0;
const TEXT_OFFSET = 2;
/** The runs that were read last: a reader that goes through a log needs the same ones again for each page. */
let lastRuns: { place: RunsPosition; rows: RunRow[] } | undefined;

/**
 * A sealed log, read through its index: a page costs one range read and one inflate, or two if it spans two blocks. It answers at
 * once if its store does.
 */
export class SealedLog {
  readonly seal: Seal;
  readonly #logId: string;
  readonly #archive: StoredArchive;
  readonly #cache: BlockCache;
  /** Seven numbers per block, in the order of `Block`. */
  readonly #blocks: Float64Array;
  readonly #runs: RunsPosition[];
  /** Blocks that are being read: who needs the same one waits for it. */
  readonly #coming = new Map<number, Promise<Buffer>>();
  /** Reads whose bytes are promised. The archive is closed after the last of them. */
  #readsInProgress = 0;
  #isClosed = false;

  /**
   * Reads log.idx. Throws if a record is damaged, the seal is missing, or the archive's length differs from the seal's.
   * If it throws, the caller closes the archive.
   */
  constructor(logId: string, archive: StoredArchive, cache: BlockCache) {
    this.#logId = logId;
    this.#archive = archive;
    this.#cache = cache;
    const { blocks, runs, seal } = readIndex(archive.index);
    if (archive.archiveBytes !== seal.archiveBytes)
      throw new DamagedLog(`log.ndjson.gz of ${logId} is not ${seal.archiveBytes} bytes long`);
    this.#blocks = blocks;
    this.#runs = runs;
    this.seal = seal;
  }

  /** The lines after the first `offset`, at most `limit`. */
  page(offset: number, limit: number): Answer<Page> {
    const totalCount = this.seal.lineCount;
    const lineCount = Math.min(limit, totalCount - offset);
    if (lineCount <= 0) return emptyPage(totalCount, true, offset);
    const firstLine = offset + 1;
    return withAnswer(this.#joinedLines(firstLine, offset + lineCount), (latin1) => {
      return { totalCount, sealed: true, firstLine, lineCount, latin1 };
    });
  }

  /**
   * The lines from one to the end of a block, in stored form. Several blocks are decompressed at once: setting up zlib
   * for each costs as much as decompressing it. Bypasses the cache, which reading a whole log would empty.
   */
  textFrom(fromLine: number): Answer<TextSlice> {
    if (fromLine > this.seal.lineCount) return emptySlice(fromLine);
    const at = this.#search(fromLine);
    const limit = (this.#blocks[at * BLOCK_COLUMNS + TEXT_OFFSET] ?? 0) + SLICE_BYTES;
    const end = this.seal.sizeBytes <= limit ? this.seal.blockCount : this.#search(limit, TEXT_OFFSET);
    const blocks = Array.from({ length: Math.max(1, end - at) }, (_, index) => blockAt(this.#blocks, at + index));
    return this.#withStored(at, this.#readStored(blocks), blocks, (stored) => {
      const { text, ...slice } = inflateSlice(stored, blocks);
      return sliceFrom({ ...slice, text, release: () => releaseMemory(text) }, fromLine);
    });
  }

  get textBytes(): number {
    return this.seal.sizeBytes;
  }

  /** Bytes of the NDJSON from an offset on: to the end of its block, and no more than the limit. */
  read(offsetBytes: number, limitBytes: number): Answer<Buffer> {
    if (offsetBytes >= this.seal.sizeBytes || limitBytes <= 0) return Buffer.alloc(0);
    this.#cache.beginRead();
    const at = this.#search(offsetBytes, TEXT_OFFSET);
    const start = offsetBytes - (this.#blocks[at * BLOCK_COLUMNS + TEXT_OFFSET] ?? 0);
    return this.#withBlock(at, ({ joined, lineStarts }) => {
      const end = Math.min(joined.length, start + limitBytes);
      // A cached block has a comma in place of each line end.
      const text = Buffer.from(joined.subarray(start, end));
      for (const next of lineStarts) if (next > start && next <= end) text[next - 1 - start] = LF;
      return text;
    });
  }

  /** Bytes of log.ndjson.gz. */
  archive(fromByte: number, toByte: number): Readable {
    return this.#archive.stream(fromByte, toByte);
  }

  /** The runs from the one that contains `fromLine` on. */
  *runs(fromLine = 1): Generator<RunRow> {
    let at = 0;
    while (at + 1 < this.#runs.length && (this.#runs[at + 1]?.firstLine ?? 0) <= fromLine) at += 1;
    for (const place of this.#runs.slice(at)) {
      for (const run of this.#rowsAt(place)) if (run.firstLine + run.lineCount > fromLine) yield run;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#readsInProgress === 0) this.#archive.close();
  }

  /** Lines joined by commas, out of one block or several. */
  #joinedLines(firstLine: number, lastLine: number): Answer<string> {
    this.#cache.beginRead();
    let joined = '';
    let line = firstLine;
    const take = (block: OpenBlock): void => {
      const end = Math.min(block.firstLine + block.lineStarts.length - 1, lastLine + 1);
      const from = block.lineStarts[line - block.firstLine] ?? 0;
      const to = block.lineStarts[end - block.firstLine] ?? 0;
      // Each line of a block is followed by a comma; the last one's is left out.
      joined += block.joined.toString('latin1', from, end > lastLine ? to - 1 : to);
      line = end;
    };
    const takeFrom = (first: number): Answer<string> => {
      for (let at = first; line <= lastLine; at += 1) {
        const taken = this.#withBlock(at, take);
        if (taken instanceof Promise) return taken.then(() => takeFrom(at + 1));
      }
      return joined;
    };
    return takeFrom(this.#search(firstLine));
  }

  #rowsAt(place: RunsPosition): RunRow[] {
    if (lastRuns?.place === place) return lastRuns.rows;
    const rows: RunRow[] = [];
    for (const record of readRecords(this.#archive.index, SEALED_MAGIC, place.at, place.endBytes)) {
      if (!('type' in record)) throw new DamagedLog(`log.idx of ${this.#logId} is damaged at byte ${record.at}`);
      rows.push(...decodeRuns(record.payload));
    }
    lastRuns = { place, rows };
    return rows;
  }

  /** Calls `use` with a block. Its text is only there during the call: it may be displaced from the cache by the next one. */
  #withBlock<Result>(at: number, use: (block: OpenBlock) => Result): Answer<Result> {
    const key = `${this.#logId}/${at}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return use(cached);
    const blocks = [blockAt(this.#blocks, at)] as const;
    const { firstLine, lineCount } = blocks[0];
    return this.#withStored(at, this.#coming.get(at) ?? this.#readStored(blocks), blocks, (stored) => {
      const opened = this.#cache.get(key);
      return use(opened ?? this.#cache.put(key, inflateBlocks(stored, blocks), firstLine, lineCount));
    });
  }

  /** Calls `use` with the bytes of consecutive blocks, from block `at` on. An error of it means that they are damaged. */
  #withStored<Result>(
    at: number,
    stored: Answer<Buffer>,
    blocks: readonly Block[],
    use: (stored: Buffer) => Result,
  ): Answer<Result> {
    if (stored instanceof Promise) return this.#withComing(at, stored, blocks, use);
    return this.#withHere(at, stored, use);
  }

  #withHere<Result>(at: number, stored: Buffer, use: (stored: Buffer) => Result): Result {
    try {
      return use(stored);
    } catch (cause) {
      throw this.#damaged(at, cause);
    }
  }

  async #withComing<Result>(
    at: number,
    coming: Promise<Buffer>,
    blocks: readonly Block[],
    use: (stored: Buffer) => Result,
  ): Promise<Result> {
    if (blocks.length === 1) this.#coming.set(at, coming);
    this.#readsInProgress += 1;
    try {
      return await this.#withSound(at, coming, blocks, use);
    } finally {
      if (this.#coming.get(at) === coming) this.#coming.delete(at);
      this.#readsInProgress -= 1;
      if (this.#isClosed) this.close();
    }
  }

  /** Bytes that came may have changed on their way, so they are read once more before they are called damaged. */
  async #withSound<Result>(
    at: number,
    coming: Promise<Buffer>,
    blocks: readonly Block[],
    use: (stored: Buffer) => Result,
  ): Promise<Result> {
    const stored = await coming;
    try {
      return use(stored);
    } catch {
      const again = await this.#readStored(blocks);
      return this.#withHere(at, again, use);
    }
  }

  #readStored(blocks: readonly Block[]): Answer<Buffer> {
    const [first, last] = [blocks[0], blocks.at(-1)];
    return this.#archive.read(first?.gzipOffsetBytes ?? 0, (last?.gzipOffsetBytes ?? 0) + (last?.gzipBytes ?? 0));
  }

  #damaged(block: number, cause: unknown): Error {
    const { firstLine, lineCount } = blockAt(this.#blocks, block);
    const lines = `lines ${firstLine} to ${firstLine + lineCount - 1}`;
    const reason = `log.ndjson.gz of ${this.#logId} is damaged in block ${block}, ${lines}`;
    sealMismatches.publish({ logId: this.#logId, reason } satisfies SealMismatch);
    return new DamagedLog(reason, { cause });
  }

  /** The block that contains a line, or another value that a column counts. */
  #search(value: number, column = FIRST_LINE): number {
    let low = 0;
    let high = this.#blocks.length / BLOCK_COLUMNS - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#blocks[middle * BLOCK_COLUMNS + column] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function readIndex(index: ReadableFile): { blocks: Float64Array; runs: RunsPosition[]; seal: Seal } {
  const rows: Float64Array[] = [];
  const runs: RunsPosition[] = [];
  let seal: Seal | undefined;
  for (const record of readRecords(index, SEALED_MAGIC)) {
    if (!('type' in record)) throw new DamagedLog(`log.idx is damaged at byte ${record.at}`);
    if (record.type === RECORD.blocks) rows.push(decodeBlockRows(record.payload));
    if (record.type === RECORD.runs) {
      runs.push({
        firstLine: firstLineOfRuns(record.payload),
        at: record.at,
        endBytes: record.at + record.lengthBytes,
      });
    }
    if (record.type === RECORD.seal) seal = readSeal(record.payload);
  }
  if (seal === undefined) throw new DamagedLog('log.idx has no seal');
  const blocks = joined(rows);
  const blockCount = blocks.length / BLOCK_COLUMNS;
  if (blockCount !== seal.blockCount)
    throw new DamagedLog(`log.idx has ${blockCount} blocks but its seal says ${seal.blockCount}`);
  return { blocks, runs, seal };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
