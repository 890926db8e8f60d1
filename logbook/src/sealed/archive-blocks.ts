/*
 * Finds the blocks of log.ndjson.gz without its index. Each block ends with a full flush, whose last four bytes are 00
 * 00 ff ff; the next one begins after them with an empty dictionary. A block may also contain those bytes. So only
 * bytes that inflate to whole lines are taken for a block, in exactly the form that the engine writes, with consecutive
 * numbers. After the last block come 03 00, the CRC-32 and the length of all text, which prove that the blocks found
 * are those written.
 */
import { constants, crc32, inflateRawSync } from 'node:zlib';

import type { DiskFile } from '../disk/disk.ts';
import { readAt } from '../format/record-reader.ts';
import { LF, parseStoredLine, STORED_LINE_LIMIT_BYTES } from '../format/stored-line.ts';

/** A block that was found. */
export interface FoundBlock {
  text: Buffer;
  gzipOffsetBytes: number;
  gzipBytes: number;
  /** The stage of each line. */
  stages: string[];
}

/** The archive is incomplete or altered, so nothing can be made from it. */
export class DamagedArchive extends Error {}

const FLUSH_END = Buffer.from([0, 0, 0xff, 0xff]);
/** What ends an archive: an empty deflate block, then the CRC-32 and size of gzip. */
export const TRAILER_BYTES = 10;
/** A block has at most 64 KiB, or one line; deflated, it is hardly longer. */
const BLOCK_LIMIT_BYTES = STORED_LINE_LIMIT_BYTES + 64 * 1024;

/** Yields the blocks in order. Throws `DamagedArchive` at the first damaged one. */
export function* findBlocks(archive: DiskFile, headerBytes: number): Generator<FoundBlock> {
  const endBytes = archive.sizeBytes() - TRAILER_BYTES;
  let at = headerBytes;
  let line = 1;
  let sizeBytes = 0;
  let crc = 0;
  while (at < endBytes) {
    const block = blockAt(archive, at, endBytes, line);
    if (block === undefined) throw new DamagedArchive(`the block that begins with line ${line} is damaged`);
    yield block;
    at += block.gzipBytes;
    line += block.stages.length;
    sizeBytes += block.text.length;
    crc = crc32(block.text, crc);
  }
  const trailer = readAt(archive, endBytes, TRAILER_BYTES);
  const isTrue =
    at === endBytes &&
    trailer.readUInt16LE(0) === 3 &&
    trailer.readUInt32LE(2) === crc &&
    trailer.readUInt32LE(6) === sizeBytes % 2 ** 32;
  if (!isTrue) throw new DamagedArchive('the end of log.ndjson.gz is damaged');
}

function blockAt(archive: DiskFile, at: number, endBytes: number, line: number): FoundBlock | undefined {
  const window = readAt(archive, at, Math.min(BLOCK_LIMIT_BYTES, endBytes - at));
  for (let end = window.indexOf(FLUSH_END); end !== -1; end = window.indexOf(FLUSH_END, end + 1)) {
    const gzipBytes = end + FLUSH_END.length;
    const text = inflated(window.subarray(0, gzipBytes));
    const stages = text && stagesOf(text, line);
    if (text !== undefined && stages !== undefined) return { text, gzipOffsetBytes: at, gzipBytes, stages };
  }
  return undefined;
}

function inflated(stored: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(stored, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: BLOCK_LIMIT_BYTES });
  } catch {
    // Bytes that do not inflate are not a block: this is an answer, not a failure.
    return undefined;
  }
}

/** The stages of whole lines from a number on; undefined if the text is anything else. */
function stagesOf(text: Buffer, firstLine: number): string[] | undefined {
  const stages: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(LF, start);
    const line = end === -1 ? undefined : parseStoredLine(text.subarray(start, end), firstLine + stages.length);
    if (line === undefined) return undefined;
    stages.push(line.BuildStage);
    start = end + 1;
  }
  return stages.length === 0 ? undefined : stages;
}
