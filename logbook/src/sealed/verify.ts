import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { constants, crc32, inflateRawSync } from 'node:zlib';
import type { Disk, DiskFile } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { withAnswer } from '../format/answer.ts';
import { type Block, decodeBlocks } from '../format/block-table.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { type SealMismatch, sealMismatches } from '../format/log-channels.ts';
import { RECORD, SEALED_MAGIC } from '../format/record.ts';
import { readRecords } from '../format/record-reader.ts';
import { readSeal, type Seal } from '../format/seal.ts';
import { scanHotLog } from '../hot/hot-scan.ts';
import { TRAILER_BYTES } from './archive-blocks.ts';
import type { StoredArchive } from './archive-store.ts';
import type { FolderArchives } from './folder-archives.ts';

/** What is damaged: the lines if known, and the block of a sealed log that contains them, counted from 0. */
export interface Damage {
  firstLine?: number;
  lastLine?: number;
  block?: number;
  reason: string;
}

/** The state of a log's files. Without damage, every stored line is as it was written. */
export interface Verification {
  sealed: boolean;
  lineCount: number;
  damage: Damage[];
}

/** How much to read before other work gets its turn. */
const RUNS_PER_STEP = 256;

/**
 * Reads a whole log and checks everything that can be checked: in a sealed one, every block against its CRC and all of
 * them against the seal; in a hot one, every run of the first `committedLines` lines. Changes nothing. Throws if files
 * cannot be read at all.
 */
export async function verifyLog(
  { disk, archives }: { disk: Disk; archives: FolderArchives },
  files: LogFiles,
  committedLines: number,
): Promise<Verification> {
  const names = disk.list(files.folder);
  if (names.includes('log.idx') || !names.includes('hot.ndjson')) {
    const logId = basename(files.folder);
    const missing = ['log.idx', 'log.ndjson.gz'].find((name) => !names.includes(name));
    const found =
      missing === undefined
        ? await verifySealed(archives.open(logId))
        : { sealed: true, lineCount: 0, damage: [{ reason: `${missing} is missing` }] };
    const [first] = found.damage;
    if (first) sealMismatches.publish({ logId, reason: first.reason } satisfies SealMismatch);
    return found;
  }
  const text = disk.open(files.hotText, 'read');
  try {
    const index = disk.open(files.hotIndex, 'read');
    try {
      return await verifyHot(text, index, committedLines);
    } finally {
      index.close();
    }
  } finally {
    text.close();
  }
}

/** The same for a sealed log that may be elsewhere; undefined if there is none. */
export async function verifyArchived(
  logs: { files(logId: string): Promise<StoredArchive | undefined> },
  logId: string,
): Promise<Verification | undefined> {
  try {
    const archive = await logs.files(logId);
    return archive && (await verifySealed(archive));
  } catch (error) {
    if (!(error instanceof DamagedLog)) throw error;
    return { sealed: true, lineCount: 0, damage: [{ reason: error.message }] };
  }
}

async function verifyHot(text: DiskFile, index: DiskFile, committedLines: number): Promise<Verification> {
  const scanning = scanHotLog(text, index);
  let step = scanning.next();
  for (let run = 1; step.done !== true; step = scanning.next(), run += 1) {
    if (run % RUNS_PER_STEP === 0) await setImmediate();
  }
  // A line that is just being written is neither undamaged nor damaged.
  const damage = step.value.damage.filter(({ firstLine }) => firstLine <= committedLines);
  return { sealed: false, lineCount: Math.min(step.value.lineCount, committedLines), damage };
}

/** Closes the archive. */
async function verifySealed(archive: StoredArchive): Promise<Verification> {
  const damage: Damage[] = [];
  const blocks: Block[] = [];
  let seal: Seal | undefined;
  try {
    for (const record of readRecords(archive.index, SEALED_MAGIC)) {
      if (!('type' in record)) damage.push({ reason: `log.idx is damaged at byte ${record.at}` });
      else if (record.type === RECORD.blocks) blocks.push(...decodeBlocks(record.payload));
      else if (record.type === RECORD.seal) seal = readSeal(record.payload);
    }
    if (seal === undefined) damage.push({ reason: 'log.idx has no seal' });
    await verifyArchive(archive, blocks, seal, damage);
  } finally {
    archive.close();
  }
  return { sealed: true, lineCount: seal?.lineCount ?? 0, damage };
}

async function verifyArchive(
  archive: StoredArchive,
  blocks: readonly Block[],
  seal: Seal | undefined,
  damage: Damage[],
): Promise<void> {
  const sha256 = createHash('sha256');
  let lineCount = 0;
  let sizeBytes = 0;
  for (const [at, block] of blocks.entries()) {
    const stored = archive.read(block.gzipOffsetBytes, block.gzipOffsetBytes + block.gzipBytes);
    const text = await withAnswer(stored, (bytes) => inflated(bytes, block));
    if (text === undefined) {
      const lastLine = block.firstLine + block.lineCount - 1;
      damage.push({ block: at, firstLine: block.firstLine, lastLine, reason: `block ${at} is damaged` });
    } else sha256.update(text);
    lineCount += block.lineCount;
    sizeBytes += block.textBytes;
    await setImmediate();
  }
  if (seal === undefined) return;
  if (archive.archiveBytes !== seal.archiveBytes) {
    damage.push({ reason: `log.ndjson.gz has ${archive.archiveBytes} bytes but its seal says ${seal.archiveBytes}` });
  }
  if (blocks.length !== seal.blockCount || lineCount !== seal.lineCount || sizeBytes !== seal.sizeBytes) {
    damage.push({ reason: 'the blocks in log.idx are not those of the seal' });
  }
  if (damage.length === 0 && sha256.digest('hex') !== seal.sha256) {
    damage.push({ reason: "the SHA-256 of the text differs from the seal's" });
  }
  const stored = archive.read(seal.archiveBytes - TRAILER_BYTES, seal.archiveBytes);
  if (!(await withAnswer(stored, (trailer) => isTrailer(trailer, sizeBytes)))) {
    damage.push({ reason: 'the end of log.ndjson.gz is damaged' });
  }
}

function isTrailer(bytes: Buffer, sizeBytes: number): boolean {
  return bytes.length === TRAILER_BYTES && bytes.readUInt16LE(0) === 3 && bytes.readUInt32LE(6) === sizeBytes % 2 ** 32;
}

/** A block's text, or undefined if it differs from the index. */
function inflated(stored: Buffer, block: Block): Buffer | undefined {
  try {
    const text = inflateRawSync(stored, {
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: Math.max(block.textBytes, 64),
      maxOutputLength: Math.max(block.textBytes, 64),
    });
    return text.length === block.textBytes && crc32(text) === block.crc ? text : undefined;
  } catch {
    // Bytes that do not inflate are damaged: this is an answer, not a failure.
    return undefined;
  }
}
