import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { encodeRecord, RECORD, readUint64, writeUint64 } from './record.ts';
import type { Run } from './run.ts';

/** The fields of a run in log.idx. Bytes and CRCs are kept per block there. */
export type RunRow = Pick<Run, 'firstLine' | 'lineCount' | 'timeMs' | 'stage' | 'step' | 'attempt' | 'flags'>;

/** Runs in one `runs` record. */
export const RUNS_PER_RECORD = 1024;
const HEADER_BYTES = 16;
/** One more than the largest content: 22 bytes a run and the stage names. */
const CONTENT_LIMIT_BYTES = 256 * 1024;

/**
 * The `runs` record of log.idx: u64 first line | u32 number of runs | u32 bytes of content | content, raw deflate.
 * The content is stored in columns, which compress to a few bytes per run: u32 line count, u64 time, u32 step, u16 attempt, u16 flags,
 * u16 stage (an index), then u16 number of stages and for each u16 length and name.
 */
export function encodeRuns(runs: readonly RunRow[]): Buffer {
  const stages = [...new Set(runs.map((run) => run.stage))];
  const count = runs.length;
  const columns = Buffer.alloc(count * 22);
  runs.forEach((run, index) => {
    columns.writeUInt32LE(run.lineCount, index * 4);
    writeUint64(columns, run.timeMs, count * 4 + index * 8);
    columns.writeUInt32LE(run.step, count * 12 + index * 4);
    columns.writeUInt16LE(run.attempt, count * 16 + index * 2);
    columns.writeUInt16LE(run.flags, count * 18 + index * 2);
    columns.writeUInt16LE(stages.indexOf(run.stage), count * 20 + index * 2);
  });
  const content = Buffer.concat([columns, ...stageNames(stages)]);
  const header = Buffer.alloc(HEADER_BYTES);
  writeUint64(header, runs[0]?.firstLine ?? 1, 0);
  header.writeUInt32LE(count, 8);
  header.writeUInt32LE(content.length, 12);
  return encodeRecord(RECORD.runs, Buffer.concat([header, deflateRawSync(content)]));
}

/** The number of the first line of a `runs` record, without inflating it. */
export function firstLineOfRuns(payload: Buffer): number {
  return readUint64(payload, 0);
}

/** Reads a `runs` record. Throws if its content does not have the declared length. */
export function decodeRuns(payload: Buffer): RunRow[] {
  const count = payload.readUInt32LE(8);
  const content = inflateRawSync(payload.subarray(HEADER_BYTES), { maxOutputLength: CONTENT_LIMIT_BYTES });
  if (content.length !== payload.readUInt32LE(12)) throw new Error('a runs record is shorter than it says');
  const stages = readStageNames(content, count * 22);
  let firstLine = firstLineOfRuns(payload);
  return Array.from({ length: count }, (_, index) => {
    const lineCount = content.readUInt32LE(index * 4);
    const run = {
      firstLine,
      lineCount,
      timeMs: readUint64(content, count * 4 + index * 8),
      step: content.readUInt32LE(count * 12 + index * 4),
      attempt: content.readUInt16LE(count * 16 + index * 2),
      flags: content.readUInt16LE(count * 18 + index * 2),
      stage: stages[content.readUInt16LE(count * 20 + index * 2)] ?? '',
    };
    firstLine += lineCount;
    return run;
  });
}

function stageNames(stages: readonly string[]): Buffer[] {
  const names = stages.map((stage) => Buffer.from(stage, 'utf8'));
  return [uint16(names.length), ...names.flatMap((name) => [uint16(name.length), name])];
}

function readStageNames(content: Buffer, from: number): string[] {
  let at = from + 2;
  return Array.from({ length: content.readUInt16LE(from) }, () => {
    const end = at + 2 + content.readUInt16LE(at);
    const name = content.toString('utf8', at + 2, end);
    at = end;
    return name;
  });
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
