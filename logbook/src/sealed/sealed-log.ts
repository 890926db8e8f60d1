import type { DiskFile } from '../disk/disk.ts';
import { BLOCK_COLUMNS, type Block, blockAt, decodeBlockRows } from '../format/block-table.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { inflateBlocks } from '../format/inflate-blocks.ts';
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
import type { BlockCache, OpenBlock } from './block-cache.ts';

/** The position of a `runs` record in log.idx. */
interface RunsPosition {
  firstLine: number;
  at: number;
  endBytes: number;
}

const FIRST_LINE = 0;
const TEXT_OFFSET = 2;
/** Compressed bytes of up to this size are read into one buffer, and decompressed at once. */
const scratch = Buffer.allocUnsafeSlow(SLICE_BYTES);
/** The runs that were read last: a reader that goes through a log needs the same ones again for each page. */
let lastRuns: { place: RunsPosition; rows: RunRow[] } | undefined;

/** A sealed log, read through its index: a page costs one range read and one inflate, or two if it spans two blocks. */
export class SealedLog {
  readonly seal: Seal;
  readonly #logId: string;
  readonly #archive: DiskFile;
  readonly #index: DiskFile;
  readonly #cache: BlockCache;
  /** Seven numbers per block, in the order of `Block`. */
  readonly #blocks: Float64Array;
  readonly #runs: RunsPosition[];

  /**
   * Reads log.idx. Throws if a record is damaged, the seal is missing, or the archive's length differs from the seal's.
   * If it throws, the caller closes the files.
   */
  constructor(logId: string, archive: DiskFile, index: DiskFile, cache: BlockCache) {
    this.#logId = logId;
    this.#archive = archive;
    this.#index = index;
    this.#cache = cache;
    const { blocks, runs, seal } = readIndex(index);
    if (archive.sizeBytes() !== seal.archiveBytes)
      throw new DamagedLog(`log.ndjson.gz of ${logId} is not ${seal.archiveBytes} bytes long`);
    this.#blocks = blocks;
    this.#runs = runs;
    this.seal = seal;
  }

  /** The lines after the first `offset`, at most `limit`. */
  page(offset: number, limit: number): Page {
    const total = this.seal.lineCount;
    const lineCount = Math.min(limit, total - offset);
    if (lineCount <= 0) return emptyPage(total, true, offset);
    const latin1 = this.#joinedLines(offset + 1, offset + lineCount);
    return { totalCount: total, sealed: true, firstLine: offset + 1, lineCount, latin1 };
  }

  /**
   * The lines from one to the end of a block, in stored form. Several blocks are decompressed at once: setting up zlib
   * for each costs as much as decompressing it. Bypasses the cache, which reading a whole log would empty.
   */
  textFrom(fromLine: number): TextSlice {
    if (fromLine > this.seal.lineCount) return emptySlice(fromLine);
    const { text, ...slice } = this.#inflateSlice(this.#search(fromLine));
    return sliceFrom({ ...slice, text, release: () => releaseMemory(text) }, fromLine);
  }

  get textBytes(): number {
    return this.seal.sizeBytes;
  }

  /** Bytes of the NDJSON from an offset on: to the end of its block, and no more than the limit. */
  read(offsetBytes: number, limitBytes: number): Buffer {
    if (offsetBytes >= this.seal.sizeBytes || limitBytes <= 0) return Buffer.alloc(0);
    this.#cache.beginRead();
    const at = this.#search(offsetBytes, TEXT_OFFSET);
    const { joined, lineStarts } = this.#openBlock(at);
    const start = offsetBytes - (this.#blocks[at * BLOCK_COLUMNS + TEXT_OFFSET] ?? 0);
    const end = Math.min(joined.length, start + limitBytes);
    // A cached block has a comma in place of each line end.
    const text = Buffer.from(joined.subarray(start, end));
    for (const next of lineStarts) if (next > start && next <= end) text[next - 1 - start] = LF;
    return text;
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
    this.#archive.close();
    this.#index.close();
  }

  /** Lines joined by commas, out of one block or several. */
  #joinedLines(firstLine: number, lastLine: number): string {
    this.#cache.beginRead();
    let joined = '';
    let line = firstLine;
    for (let at = this.#search(line); ; at += 1) {
      const block = this.#openBlock(at);
      const end = Math.min(block.firstLine + block.lineStarts.length - 1, lastLine + 1);
      const from = block.lineStarts[line - block.firstLine] ?? 0;
      const to = block.lineStarts[end - block.firstLine] ?? 0;
      // Each line of a block is followed by a comma; the last one's is left out.
      joined += block.joined.toString('latin1', from, end > lastLine ? to - 1 : to);
      if (end > lastLine) return joined;
      line = end;
    }
  }

  #rowsAt(place: RunsPosition): RunRow[] {
    if (lastRuns?.place === place) return lastRuns.rows;
    const rows: RunRow[] = [];
    for (const record of readRecords(this.#index, SEALED_MAGIC, place.at, place.endBytes)) {
      if (!('type' in record)) throw new DamagedLog(`log.idx of ${this.#logId} is damaged at byte ${record.at}`);
      rows.push(...decodeRuns(record.payload));
    }
    lastRuns = { place, rows };
    return rows;
  }

  #openBlock(at: number): OpenBlock {
    const key = `${this.#logId}/${at}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const { firstLine, lineCount } = blockAt(this.#blocks, at);
    return this.#cache.put(key, this.#inflate(at), firstLine, lineCount);
  }

  /** A block's text, checked. */
  #inflate(at: number): Buffer {
    const block = blockAt(this.#blocks, at);
    const stored = this.#readStored([block]);
    try {
      return inflateBlocks(stored, [block]);
    } catch (cause) {
      throw this.#damaged(at, cause);
    }
  }

  /** The text of a block and the following ones, up to a slice's size; of the first alone if one of them is damaged. */
  #inflateSlice(at: number): Omit<TextSlice, 'release'> {
    const limit = (this.#blocks[at * BLOCK_COLUMNS + TEXT_OFFSET] ?? 0) + SLICE_BYTES;
    const end = this.seal.sizeBytes <= limit ? this.seal.blockCount : this.#search(limit, TEXT_OFFSET);
    const blocks = Array.from({ length: Math.max(1, end - at) }, (_, index) => blockAt(this.#blocks, at + index));
    const firstLine = blocks[0]?.firstLine ?? 0;
    try {
      const lineCount = blocks.reduce((lines, block) => lines + block.lineCount, 0);
      return { firstLine, lineCount, text: inflateBlocks(this.#readStored(blocks), blocks) };
    } catch {
      return { firstLine, lineCount: blocks[0]?.lineCount ?? 0, text: this.#inflate(at) };
    }
  }

  /** The bytes of consecutive blocks. They are valid only until the next read. */
  #readStored(blocks: readonly Block[]): Buffer {
    const sizeBytes = blocks.reduce((bytes, block) => bytes + block.gzipBytes, 0);
    const target = sizeBytes > SLICE_BYTES ? Buffer.allocUnsafe(sizeBytes) : scratch.subarray(0, sizeBytes);
    return target.subarray(0, this.#archive.read(target, blocks[0]?.gzipOffsetBytes ?? 0));
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

function readIndex(index: DiskFile): { blocks: Float64Array; runs: RunsPosition[]; seal: Seal } {
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
