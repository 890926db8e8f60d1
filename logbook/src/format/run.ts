import { encodeRecord, RECORD, readUint64, writeUint64 } from './record.ts';

/** Flags of a run. Bits are never reused. */
export const RUN_FLAG = {
  /** The last line of the run did not end at LF: the output continues in the next line. */
  continued: 1,
  /** Created by recovery from lines whose index record was lost: time, step and attempt are unknown. */
  recovered: 2,
  /** Replaces lines that were damaged on disk. */
  replaced: 4,
} as const;

/** Consecutive lines of one stage, step and attempt: at most 64 lines and 64 KiB, unless a single line is longer. */
export interface Run {
  /** Number of its first line, from 1. */
  firstLine: number;
  lineCount: number;
  /** Where its text begins in the NDJSON. */
  offsetBytes: number;
  lengthBytes: number;
  /** CRC-32 of its text, line ends included. */
  crc: number;
  /** When its first line was complete; 0 means unknown. */
  timeMs: number;
  stage: string;
  /** 0 is none. */
  step: number;
  /** From 1; 0 is unknown. */
  attempt: number;
  flags: number;
}

/** The format allows 128. A page skips half a run before its first line, on average: with 64 it takes 15 % less time. */
export const RUN_LIMIT_LINES = 64;
export const RUN_LIMIT_BYTES = 64 * 1024;
const FIXED_BYTES = 48;

/** The `run` record of hot.idx. */
export function encodeRun(run: Run): Buffer {
  const stage = Buffer.from(run.stage, 'utf8');
  const payload = Buffer.alloc(FIXED_BYTES + stage.length);
  writeUint64(payload, run.firstLine, 0);
  writeUint64(payload, run.offsetBytes, 8);
  payload.writeUInt32LE(run.lengthBytes, 16);
  payload.writeUInt32LE(run.lineCount, 20);
  writeUint64(payload, run.timeMs, 24);
  payload.writeUInt32LE(run.crc, 32);
  payload.writeUInt32LE(run.step, 36);
  payload.writeUInt16LE(run.attempt, 40);
  payload.writeUInt16LE(run.flags, 42);
  payload.writeUInt16LE(stage.length, 44);
  payload.set(stage, FIXED_BYTES);
  return encodeRecord(RECORD.run, payload);
}

/** Reads the payload of a `run` record; undefined if it is not a valid one. */
export function decodeRun(payload: Buffer): Run | undefined {
  if (payload.length < FIXED_BYTES) return undefined;
  const stageBytes = payload.readUInt16LE(44);
  if (FIXED_BYTES + stageBytes > payload.length) return undefined;
  return {
    firstLine: readUint64(payload, 0),
    offsetBytes: readUint64(payload, 8),
    lengthBytes: payload.readUInt32LE(16),
    lineCount: payload.readUInt32LE(20),
    timeMs: readUint64(payload, 24),
    crc: payload.readUInt32LE(32),
    step: payload.readUInt32LE(36),
    attempt: payload.readUInt16LE(40),
    flags: payload.readUInt16LE(42),
    stage: payload.toString('utf8', FIXED_BYTES, FIXED_BYTES + stageBytes),
  };
}
