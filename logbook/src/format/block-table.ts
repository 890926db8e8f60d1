import { encodeRecord, RECORD, readUint64, writeUint64 } from './record.ts';

/** Whole lines that inflate independently: about 64 KiB of text. */
export interface Block {
  firstLine: number;
  lineCount: number;
  /** The offset of its text in the NDJSON. */
  textOffsetBytes: number;
  textBytes: number;
  /** CRC-32 of its text. */
  crc: number;
  /** Its offset in log.ndjson.gz. */
  gzipOffsetBytes: number;
  gzipBytes: number;
}

const ROW_BYTES = 40;
/** Numbers per block in decoded rows. */
export const BLOCK_COLUMNS = 7;
/** Rows in one `blocks` record. */
export const BLOCKS_PER_RECORD = 256;

/** The `blocks` record of log.idx: a row of 40 bytes per block. */
export function encodeBlocks(blocks: readonly Block[]): Buffer {
  const payload = Buffer.alloc(8 + blocks.length * ROW_BYTES);
  payload.writeUInt32LE(blocks.length, 0);
  payload.writeUInt32LE(ROW_BYTES, 4);
  blocks.forEach((block, index) => {
    const at = 8 + index * ROW_BYTES;
    writeUint64(payload, block.firstLine, at);
    writeUint64(payload, block.textOffsetBytes, at + 8);
    writeUint64(payload, block.gzipOffsetBytes, at + 16);
    payload.writeUInt32LE(block.lineCount, at + 24);
    payload.writeUInt32LE(block.textBytes, at + 28);
    payload.writeUInt32LE(block.gzipBytes, at + 32);
    payload.writeUInt32LE(block.crc, at + 36);
  });
  return encodeRecord(RECORD.blocks, payload);
}

/**
 * Reads a `blocks` record as seven numbers per block, in the order of `Block`. A log of ten million lines has twenty thousand
 * blocks, and creating an object for each made opening it slow. The record contains the row size, so that later versions can
 * add columns at the end of a row.
 */
export function decodeBlockRows(payload: Buffer): Float64Array<ArrayBuffer> {
  const count = payload.readUInt32LE(0);
  const rowBytes = payload.readUInt32LE(4);
  const rows = new Float64Array(count * BLOCK_COLUMNS);
  for (let row = 0; row < count; row += 1) {
    const at = 8 + row * rowBytes;
    const to = row * BLOCK_COLUMNS;
    rows[to] = readUint64(payload, at);
    rows[to + 1] = payload.readUInt32LE(at + 24);
    rows[to + 2] = readUint64(payload, at + 8);
    rows[to + 3] = payload.readUInt32LE(at + 28);
    rows[to + 4] = payload.readUInt32LE(at + 36);
    rows[to + 5] = readUint64(payload, at + 16);
    rows[to + 6] = payload.readUInt32LE(at + 32);
  }
  return rows;
}

/** Reads a `blocks` record. */
export function decodeBlocks(payload: Buffer): Block[] {
  const rows = decodeBlockRows(payload);
  return Array.from({ length: rows.length / BLOCK_COLUMNS }, (_, at) => blockAt(rows, at));
}

/** A block from the rows that `decodeBlockRows` returns. */
export function blockAt(rows: Float64Array, at: number): Block {
  const column = (index: number): number => rows[at * BLOCK_COLUMNS + index] ?? 0;
  return {
    firstLine: column(0),
    lineCount: column(1),
    textOffsetBytes: column(2),
    textBytes: column(3),
    crc: column(4),
    gzipOffsetBytes: column(5),
    gzipBytes: column(6),
  };
}
