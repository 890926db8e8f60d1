import { encodeRecord, RECORD, readUint64, writeUint64 } from './record.ts';

/** A stretch of whole lines that inflates alone: about 64 KiB of text, never two stretches in one read. */
export type Block = {
  firstLine: number;
  lineCount: number;
  /** Where its text begins in the NDJSON. */
  textOffsetBytes: number;
  textBytes: number;
  /** CRC-32 of its text. */
  crc: number;
  /** Where it begins in log.ndjson.gz. */
  gzipOffsetBytes: number;
  gzipBytes: number;
};

const ROW_BYTES = 40;
/** Rows in one `blocks` record. */
export const BLOCKS_PER_RECORD = 256;

/** The `blocks` record of log.idx: one row of 40 bytes a block. */
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

/** Reads a `blocks` record. The row size stands in it, so that later versions can add columns at a row's end. */
export function decodeBlocks(payload: Buffer): Block[] {
  const rowBytes = payload.readUInt32LE(4);
  return Array.from({ length: payload.readUInt32LE(0) }, (_, index) => {
    const at = 8 + index * rowBytes;
    return {
      firstLine: readUint64(payload, at),
      textOffsetBytes: readUint64(payload, at + 8),
      gzipOffsetBytes: readUint64(payload, at + 16),
      lineCount: payload.readUInt32LE(at + 24),
      textBytes: payload.readUInt32LE(at + 28),
      gzipBytes: payload.readUInt32LE(at + 32),
      crc: payload.readUInt32LE(at + 36),
    };
  });
}
