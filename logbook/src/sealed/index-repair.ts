/*
 * Rebuilds log.idx from an undamaged log.ndjson.gz. Keeps what whole records of the old one still contain: times, steps
 * and attempts of the runs, and the seal's other facts. What is lost is reported as unknown, and the verdict is then
 * partial.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { BLOCKS_PER_RECORD, type Block, encodeBlocks } from '../format/block-table.ts';
import { encodeFileHeader, encodeRecord, FILE_HEADER_BYTES, RECORD, SEALED_MAGIC } from '../format/record.ts';
import { readRecords } from '../format/record-reader.ts';
import { RUN_FLAG, RUN_LIMIT_LINES } from '../format/run.ts';
import { decodeRuns, encodeRuns, RUNS_PER_RECORD, type RunRow } from '../format/run-table.ts';
import { type LineRange, readSeal, type Seal } from '../format/seal.ts';
import { DamagedArchive, type FoundBlock, findBlocks } from './archive-blocks.ts';

const GZIP_HEADER_BYTES = 10;
const TIMES_LOST = 'the index was damaged on disk: time and step unknown';
const SEAL_LOST = 'the seal was damaged on disk and was rebuilt from the lines';

/** Rebuilds a sealed log's index if it cannot be opened; see `Logbook.repair`. */
export async function repairSealed(
  disk: Disk,
  files: LogFiles,
  open: () => { close(): void },
  nowMs: number,
): Promise<Seal | undefined> {
  try {
    open().close();
    return undefined;
  } catch {
    // That it cannot be opened is what the repair is for.
  }
  try {
    return await rebuildIndex(disk, files, nowMs);
  } catch (error) {
    if (error instanceof DamagedArchive) return undefined;
    throw error;
  }
}

/**
 * Rebuilds the index of a sealed log and returns its seal. Throws `DamagedArchive`, with nothing changed, if the
 * archive is damaged.
 */
async function rebuildIndex(disk: Disk, files: LogFiles, nowMs: number): Promise<Seal> {
  const archive = disk.open(files.archive, 'read');
  const old = disk.list(files.folder).includes('log.idx') ? disk.open(files.sealedIndex, 'read') : undefined;
  try {
    await disk.remove(files.sealedIndexTemp);
    const index = disk.open(files.sealedIndexTemp, 'create');
    try {
      const seal = await writeIndex(archive, old, index, nowMs);
      await index.sync();
      await disk.rename(files.sealedIndexTemp, files.sealedIndex);
      await disk.syncFolder(files.folder);
      return seal;
    } finally {
      index.close();
    }
  } finally {
    archive.close();
    old?.close();
  }
}

async function writeIndex(archive: DiskFile, old: DiskFile | undefined, index: DiskFile, nowMs: number): Promise<Seal> {
  const known = new KnownRuns(old);
  const sha256 = createHash('sha256');
  const blocks: Block[] = [];
  const runs: RunRow[] = [];
  let [lineCount, sizeBytes, blockCount, at] = [0, 0, 0, FILE_HEADER_BYTES];
  const write = async (record: Buffer): Promise<void> => {
    await index.write([record], at);
    at += record.length;
  };
  await index.write([encodeFileHeader(SEALED_MAGIC, nowMs)], 0);
  for (const found of findBlocks(archive, GZIP_HEADER_BYTES)) {
    blocks.push(blockOf(found, lineCount, sizeBytes));
    runs.push(...known.runsOf(lineCount + 1, found.stages));
    sha256.update(found.text);
    lineCount += found.stages.length;
    sizeBytes += found.text.length;
    blockCount += 1;
    if (blocks.length >= BLOCKS_PER_RECORD) await write(encodeBlocks(blocks.splice(0)));
    while (runs.length >= RUNS_PER_RECORD) await write(encodeRuns(runs.splice(0, RUNS_PER_RECORD)));
    await setImmediate();
  }
  if (blocks.length > 0) await write(encodeBlocks(blocks));
  if (runs.length > 0) await write(encodeRuns(runs));
  const figures = { lineCount, sizeBytes, sha256: sha256.digest('hex'), blockCount, archiveBytes: archive.sizeBytes() };
  const seal = sealOf(old && findSeal(old), figures, known.lost, nowMs);
  await write(encodeRecord(RECORD.seal, Buffer.from(JSON.stringify(seal))));
  return seal;
}

type Figures = Pick<Seal, 'lineCount' | 'sizeBytes' | 'sha256' | 'blockCount' | 'archiveBytes'>;

/** The old seal, if it is of this text, with what was found to be lost; otherwise one with only the known facts. */
function sealOf(old: Seal | undefined, figures: Figures, lost: readonly LineRange[], nowMs: number): Seal {
  const isOfThis = old?.sha256 === figures.sha256 && old.lineCount === figures.lineCount;
  if (isOfThis && lost.length === 0) return { ...old, ...figures };
  const before = isOfThis ? old : undefined;
  const reasons = [before?.reason, before ? undefined : SEAL_LOST, lost.length > 0 ? TIMES_LOST : undefined];
  const ranges = [...(before?.ranges ?? []), ...lost];
  const reason = reasons.filter((text) => text !== undefined).join('; ');
  return { sealedAtMs: nowMs, ...before, ...figures, verdict: 'partial', reason, ranges };
}

function findSeal(index: DiskFile): Seal | undefined {
  let seal: Seal | undefined;
  for (const record of readRecords(index, SEALED_MAGIC)) {
    if ('type' in record && record.type === RECORD.seal) seal = readSeal(record.payload);
  }
  return seal;
}

function blockOf({ text, stages, gzipOffsetBytes, gzipBytes }: FoundBlock, lines: number, textBytes: number): Block {
  const place = { firstLine: lines + 1, lineCount: stages.length, textOffsetBytes: textBytes };
  return { ...place, textBytes: text.length, crc: crc32(text), gzipOffsetBytes, gzipBytes };
}

function addRange(ranges: LineRange[], { firstLine, lineCount }: RunRow): void {
  const last = ranges.at(-1);
  if (last?.lastLine === firstLine - 1) last.lastLine += lineCount;
  else ranges.push({ firstLine, lastLine: firstLine + lineCount - 1, reason: TIMES_LOST });
}

/** The runs that an index still contains, read block by block. */
class KnownRuns {
  /** Lines that had no run. */
  readonly lost: LineRange[] = [];
  readonly #rows: Iterator<RunRow>;
  #next: RunRow | undefined;

  constructor(index: DiskFile | undefined) {
    this.#rows = index === undefined ? [].values() : wholeRuns(index);
    this.#next = this.#rows.next().value;
  }

  /**
   * The runs of a block's lines, whose stages are given: known ones where they fit, and unknown ones for the lines
   * between.
   */
  *runsOf(firstLine: number, stages: readonly string[]): Generator<RunRow> {
    const end = firstLine + stages.length;
    for (let line = firstLine; line < end; ) {
      while (this.#next !== undefined && this.#next.firstLine < line) this.#next = this.#rows.next().value;
      const known = this.#next;
      if (known?.firstLine === line && fits(known, stages.slice(line - firstLine))) {
        yield known;
        line += known.lineCount;
        continue;
      }
      // A known run that does not fit is useless: its first line becomes unknown, and it is skipped.
      const until = known === undefined ? end : Math.min(end, Math.max(known.firstLine, line + 1));
      while (line < until) {
        const run = unknownRun(line, stages.slice(line - firstLine, until - firstLine));
        addRange(this.lost, run);
        yield run;
        line += run.lineCount;
      }
    }
  }
}

function* wholeRuns(index: DiskFile): Generator<RunRow, undefined> {
  for (const record of readRecords(index, SEALED_MAGIC)) {
    if ('type' in record && record.type === RECORD.runs) yield* decodeRuns(record.payload);
  }
}

function fits(run: RunRow, stages: readonly string[]): boolean {
  return run.lineCount <= stages.length && stages.slice(0, run.lineCount).every((stage) => stage === run.stage);
}

function unknownRun(firstLine: number, stages: readonly string[]): RunRow {
  const stage = stages[0] ?? '';
  const other = stages.findIndex((name) => name !== stage);
  const lineCount = Math.min(RUN_LIMIT_LINES, other === -1 ? stages.length : other);
  return { firstLine, lineCount, timeMs: 0, stage, step: 0, attempt: 0, flags: RUN_FLAG.recovered };
}
