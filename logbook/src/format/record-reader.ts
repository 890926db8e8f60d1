import type { ReadableFile } from '../disk/disk.ts';
import {
  decodeFileHeader,
  decodeRecord,
  FILE_HEADER_BYTES,
  type FramedRecord,
  MUST_UNDERSTAND,
  RECORD,
  RECORD_HEADER_BYTES,
  RECORD_LIMIT_BYTES,
  recordLength,
} from './record.ts';

/** A record and its position in its file. */
export type PlacedRecord = FramedRecord & { at: number };

/** What a file contains at `at`: a record, or damaged bytes. */
export type ReadRecord = PlacedRecord | { at: number; damagedBytes: number };

const WINDOW_BYTES = 256 * 1024;
const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(RECORD));

/**
 * Reads the records of an index file from `fromBytes` (default: the first) to `toBytes` (default: its end), a window at a time.
 * Reports damaged ranges and continues at the next whole record. Skips unknown types. Throws on a file of another kind or of a
 * later major version, and on an unknown record that must be understood.
 */
export function* readRecords(
  file: ReadableFile,
  magic: string,
  fromBytes?: number,
  toBytes?: number,
): Generator<ReadRecord> {
  const endBytes = toBytes ?? file.sizeBytes();
  let at = fromBytes ?? startOfRecords(file, magic);
  if (fromBytes === undefined && at === 0) {
    yield { at: 0, damagedBytes: Math.min(endBytes, FILE_HEADER_BYTES) };
    at = FILE_HEADER_BYTES;
  }
  let window: Buffer = Buffer.alloc(0);
  let windowAt = at;
  let damagedFrom: number | undefined;
  while (at < endBytes) {
    const needBytes = bytesNeeded(window, at - windowAt);
    if (at - windowAt + needBytes > window.length && windowAt + window.length < endBytes) {
      window = readAt(file, at, Math.min(Math.max(WINDOW_BYTES, needBytes), endBytes - at));
      windowAt = at;
      if (window.length === 0) break;
      continue;
    }
    const record = decodeRecord(window, at - windowAt);
    if (record === undefined) {
      damagedFrom ??= at;
      at += 8;
      continue;
    }
    if (damagedFrom !== undefined) yield { at: damagedFrom, damagedBytes: at - damagedFrom };
    damagedFrom = undefined;
    if (KNOWN_TYPES.has(record.type)) yield { ...record, at };
    else if ((record.flags & MUST_UNDERSTAND) !== 0) {
      throw new Error(`record type ${record.type} must be understood and this version does not`);
    }
    at += record.lengthBytes;
  }
  if (damagedFrom !== undefined) yield { at: damagedFrom, damagedBytes: endBytes - damagedFrom };
}

function startOfRecords(file: ReadableFile, magic: string): number {
  return decodeFileHeader(readAt(file, 0, FILE_HEADER_BYTES), magic) ?? 0;
}

function bytesNeeded(window: Buffer, at: number): number {
  if (at + RECORD_HEADER_BYTES > window.length) return RECORD_HEADER_BYTES;
  return Math.min(recordLength(window, at) ?? RECORD_HEADER_BYTES, RECORD_LIMIT_BYTES);
}

/** Reads up to `sizeBytes` at a position; fewer at the end. */
export function readAt(file: Pick<ReadableFile, 'read'>, positionBytes: number, sizeBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(sizeBytes);
  return buffer.subarray(0, file.read(buffer, positionBytes));
}
