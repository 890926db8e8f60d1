/*
 * Framing of both index files (docs/log-format.md): a file header of 32 bytes, then records, each of a multiple of 8 bytes:
 *   u32 length of the whole record | u16 type | u16 flags | payload | zeros | u32 CRC-32 of all before it
 * Little endian. A reader skips unknown types, unless bit 0 of the record's flags is set: then it must refuse the file. Records
 * begin at multiples of 8, so after a damaged one, a reader finds the next whole one by trying each multiple.
 */
import { crc32 } from 'node:zlib';

export const FILE_HEADER_BYTES = 32;
export const RECORD_HEADER_BYTES = 8;
const RECORD_CRC_BYTES = 4;
/** The maximum length of a record. A longer length is damage, not something to allocate. */
export const RECORD_LIMIT_BYTES = 1024 * 1024;
export const MUST_UNDERSTAND = 1;

export const HOT_MAGIC = 'SWHOTIDX';
export const SEALED_MAGIC = 'SWLOGIDX';
export const FORMAT_MAJOR = 1;
const FORMAT_MINOR = 0;

/** The record types that this version writes. Numbers are never reused. */
export const RECORD = { run: 1, counts: 2, blocks: 16, runs: 17, seal: 18 } as const;

/** A record with a verified CRC. `payload` may end with up to 7 zeros of padding. */
export interface FramedRecord {
  type: number;
  flags: number;
  lengthBytes: number;
  payload: Buffer;
}

/** The first 32 bytes of an index file. `madeAtMs` is for people; no reader depends on it. */
export function encodeFileHeader(magic: string, madeAtMs: number): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.write(magic, 0, 8, 'latin1');
  header.writeUInt16LE(FORMAT_MAJOR, 8);
  header.writeUInt16LE(FORMAT_MINOR, 10);
  header.writeUInt32LE(FILE_HEADER_BYTES, 12);
  writeUint64(header, madeAtMs, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 28)), 28);
  return header;
}

/**
 * Checks a file header and returns where the records begin.
 * Throws if the file is of another kind or of a later major version. Returns undefined for a damaged header.
 */
export function decodeFileHeader(bytes: Buffer, magic: string): number | undefined {
  if (bytes.length < FILE_HEADER_BYTES) return undefined;
  if (bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 28))) return undefined;
  const found = bytes.toString('latin1', 0, 8);
  if (found !== magic) throw new Error(`not a ${magic} file: its first bytes are ${JSON.stringify(found)}`);
  const major = bytes.readUInt16LE(8);
  if (major > FORMAT_MAJOR) throw new Error(`log format ${major} is newer than this version reads (${FORMAT_MAJOR})`);
  return bytes.readUInt32LE(12);
}

/** Frames a payload as one record. */
export function encodeRecord(type: number, payload: Uint8Array, flags = 0): Buffer {
  const unpadded = RECORD_HEADER_BYTES + payload.length + RECORD_CRC_BYTES;
  const record = Buffer.alloc(Math.ceil(unpadded / 8) * 8);
  record.writeUInt32LE(record.length, 0);
  record.writeUInt16LE(type, 4);
  record.writeUInt16LE(flags, 6);
  record.set(payload, RECORD_HEADER_BYTES);
  record.writeUInt32LE(crc32(record.subarray(0, record.length - RECORD_CRC_BYTES)), record.length - RECORD_CRC_BYTES);
  return record;
}

/** The record at `at`, or undefined if there is no whole and valid one. */
export function decodeRecord(bytes: Buffer, at: number): FramedRecord | undefined {
  const lengthBytes = recordLength(bytes, at);
  if (lengthBytes === undefined || at + lengthBytes > bytes.length) return undefined;
  const end = at + lengthBytes - RECORD_CRC_BYTES;
  if (bytes.readUInt32LE(end) !== crc32(bytes.subarray(at, end))) return undefined;
  const type = bytes.readUInt16LE(at + 4);
  return {
    type,
    flags: bytes.readUInt16LE(at + 6),
    lengthBytes,
    payload: bytes.subarray(at + RECORD_HEADER_BYTES, end),
  };
}

/** The length that a record declares, if plausible. The caller still checks the CRC. */
export function recordLength(bytes: Buffer, at: number): number | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32LE(at);
  const possible = length % 8 === 0 && length >= 16 && length <= RECORD_LIMIT_BYTES;
  return possible ? length : undefined;
}

/** Writes an integer of up to 2^53-1 as 64 bits. */
export function writeUint64(target: Buffer, value: number, at: number): void {
  target.writeUInt32LE(value % 2 ** 32, at);
  target.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}

/** Reads 64 bits as an integer. A value above 2^53 loses digits, so callers compare it with what they expect. */
export function readUint64(source: Buffer, at: number): number {
  return source.readUInt32LE(at + 4) * 2 ** 32 + source.readUInt32LE(at);
}
