import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { constants, crc32, inflateRawSync } from 'node:zlib';
import type { Disk, DiskFile } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { type Block, decodeBlocks } from '../format/block-table.ts';
import { type SealMismatch, sealMismatches } from '../format/log-channels.ts';
import { RECORD, SEALED_MAGIC } from '../format/record.ts';
import { readAt, readRecords } from '../format/record-reader.ts';
import { readSeal, type Seal } from '../format/seal.ts';
import { scanHotLog } from '../hot/hot-scan.ts';
import { TRAILER_BYTES } from './archive-blocks.ts';

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
export async function verifyLog(disk: Disk, files: LogFiles, committedLines: number): Promise<Verification> {
  const names = disk.list(files.folder);
  if (names.includes('log.idx') || !names.includes('hot.ndjson')) return verifySealed(disk, files, names);
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

async function verifySealed(disk: Disk, files: LogFiles, names: readonly string[]): Promise<Verification> {
  if (!names.includes('log.idx')) return { sealed: true, lineCount: 0, damage: [{ reason: 'log.idx is missing' }] };
  const index = disk.open(files.sealedIndex, 'read');
  const damage: Damage[] = [];
  const blocks: Block[] = [];
  let seal: Seal | undefined;
  try {
    for (const record of readRecords(index, SEALED_MAGIC)) {
      if (!('type' in record)) damage.push({ reason: `log.idx is damaged at byte ${record.at}` });
      else if (record.type === RECORD.blocks) blocks.push(...decodeBlocks(record.payload));
      else if (record.type === RECORD.seal) seal = readSeal(record.payload);
    }
  } finally {
    index.close();
  }
  if (seal === undefined) damage.push({ reason: 'log.idx has no seal' });
  if (!names.includes('log.ndjson.gz')) damage.push({ reason: 'log.ndjson.gz is missing' });
  else await verifyArchive(disk, files, blocks, seal, damage);
  const [first] = damage;
  if (first) sealMismatches.publish({ logId: basename(files.folder), reason: first.reason } satisfies SealMismatch);
  return { sealed: true, lineCount: seal?.lineCount ?? 0, damage };
}

async function verifyArchive(
  disk: Disk,
  files: LogFiles,
  blocks: readonly Block[],
  seal: Seal | undefined,
  damage: Damage[],
): Promise<void> {
  const archive = disk.open(files.archive, 'read');
  try {
    const sha256 = createHash('sha256');
    let lineCount = 0;
    let sizeBytes = 0;
    for (const [at, block] of blocks.entries()) {
      const text = inflated(archive, block);
      if (text === undefined) {
        const lastLine = block.firstLine + block.lineCount - 1;
        damage.push({ block: at, firstLine: block.firstLine, lastLine, reason: `block ${at} is damaged` });
      } else sha256.update(text);
      lineCount += block.lineCount;
      sizeBytes += block.textBytes;
      await setImmediate();
    }
    if (seal === undefined) return;
    if (archive.sizeBytes() !== seal.archiveBytes) {
      damage.push({ reason: `log.ndjson.gz has ${archive.sizeBytes()} bytes but its seal says ${seal.archiveBytes}` });
    }
    if (blocks.length !== seal.blockCount || lineCount !== seal.lineCount || sizeBytes !== seal.sizeBytes) {
      damage.push({ reason: 'the blocks in log.idx are not those of the seal' });
    }
    if (damage.length === 0 && sha256.digest('hex') !== seal.sha256) {
      damage.push({ reason: "the SHA-256 of the text differs from the seal's" });
    }
    const trailer = readAt(archive, seal.archiveBytes - TRAILER_BYTES, TRAILER_BYTES);
    if (trailer.readUInt16LE(0) !== 3 || trailer.readUInt32LE(6) !== sizeBytes % 2 ** 32) {
      damage.push({ reason: 'the end of log.ndjson.gz is damaged' });
    }
  } finally {
    archive.close();
  }
}

/** A block's text, or undefined if it differs from the index. */
function inflated(archive: DiskFile, block: Block): Buffer | undefined {
  const stored = readAt(archive, block.gzipOffsetBytes, block.gzipBytes);
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
