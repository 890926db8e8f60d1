/*
 * What a hot log contains after a crash. The rules, in one place:
 *  - a run is valid if it continues the previous one and its text matches its CRC;
 *  - if an index record is lost, the lines in the gap are kept if all of them parse strictly; their time is unknown;
 *  - text after the last record was never acknowledged: its whole, strictly valid lines are kept;
 *  - the log ends at the first text that does not match its CRC. Nothing is guessed, and what is left out is named.
 */
import { crc32 } from 'node:zlib';

import type { DiskFile } from '../disk/disk.ts';
import { type Counts, countsOf, decodeCounts, NO_COUNTS } from '../format/log-counts.ts';
import { HOT_MAGIC, RECORD } from '../format/record.ts';
import { readAt, readRecords } from '../format/record-reader.ts';
import { decodeRun, RUN_FLAG, RUN_LIMIT_BYTES, RUN_LIMIT_LINES, type Run } from '../format/run.ts';
import type { LineRange } from '../format/seal.ts';
import { LF, parseStoredLine, STORED_LINE_LIMIT_BYTES } from '../format/stored-line.ts';

/** A valid run. `record` is the position of its record; without it, the run was created from the text. */
export interface ScannedRun {
  run: Run;
  record: { at: number; endBytes: number } | undefined;
}

/** The outcome of a scan. */
export interface HotScan {
  lineCount: number;
  /** The number of valid bytes of hot.ndjson. The rest must be cut. */
  textBytes: number;
  cutBytes: number;
  /** Lines that are lost, or whose time is unknown. */
  damage: LineRange[];
  /** Whether the index has lines that are not valid. */
  hasLost: boolean;
  /** Whether hot.idx is correct and complete. */
  indexIsClean: boolean;
  counts: Counts;
}

/** The reason given for lines that are in an index but are not valid. */
export const CUT_REASON = 'torn or damaged on disk, cut';

/** Reads a hot log from its files and yields the valid runs in order. Changes nothing. */
export function* scanHotLog(text: DiskFile, index: DiskFile): Generator<ScannedRun, HotScan> {
  const sizeBytes = text.sizeBytes();
  const scan: HotScan = {
    lineCount: 0,
    textBytes: 0,
    cutBytes: 0,
    damage: [],
    hasLost: false,
    indexIsClean: true,
    counts: NO_COUNTS,
  };
  let counts: Counts | undefined;
  let lastNamedLine = 0;
  let broken = false;
  for (const record of readRecords(index, HOT_MAGIC)) {
    if ('type' in record && record.type === RECORD.counts) {
      counts = decodeCounts(record.payload);
      continue;
    }
    const run = 'type' in record && record.type === RECORD.run ? decodeRun(record.payload) : undefined;
    if (run === undefined || !('type' in record)) {
      scan.indexIsClean = false;
      continue;
    }
    lastNamedLine = Math.max(lastNamedLine, run.firstLine + run.lineCount - 1);
    if (broken) continue;
    if (run.offsetBytes > scan.textBytes) {
      yield* recoverLines(text, Math.min(run.offsetBytes, sizeBytes), scan);
    }
    if (run.firstLine !== scan.lineCount + 1 || run.offsetBytes !== scan.textBytes) {
      scan.indexIsClean = false;
      broken = run.firstLine > scan.lineCount;
      continue;
    }
    if (run.offsetBytes + run.lengthBytes > sizeBytes) {
      yield* recoverLines(text, sizeBytes, scan);
      broken = true;
    } else if (crc32(readAt(text, run.offsetBytes, run.lengthBytes)) !== run.crc) {
      broken = true;
    } else {
      scan.lineCount += run.lineCount;
      scan.textBytes += run.lengthBytes;
      yield { run, record: { at: record.at, endBytes: record.at + record.lengthBytes } };
    }
  }
  if (!broken) yield* recoverLines(text, sizeBytes, scan);
  scan.cutBytes = sizeBytes - scan.textBytes;
  if (broken) scan.indexIsClean = false;
  scan.counts = countsOf(counts, scan.indexIsClean);
  if (lastNamedLine > scan.lineCount) {
    scan.hasLost = true;
    scan.damage.push({
      firstLine: scan.lineCount + 1,
      lastLine: lastNamedLine,
      reason: CUT_REASON,
    });
  }
  return scan;
}

/** Keeps the whole, strictly valid lines from the scan's position up to `endBytes`, as runs without a time. */
function* recoverLines(text: DiskFile, endBytes: number, scan: HotScan): Generator<ScannedRun> {
  const firstLine = scan.lineCount + 1;
  let run: Run | undefined;
  for (const line of strictLines(text, scan.textBytes, endBytes, firstLine)) {
    const fits =
      run !== undefined &&
      run.stage === line.stage &&
      run.lineCount < RUN_LIMIT_LINES &&
      run.lengthBytes + line.bytes.length <= RUN_LIMIT_BYTES;
    if (run !== undefined && !fits) yield keep(run, scan);
    if (run === undefined || !fits) run = recoveredRun(scan, line.stage);
    run.crc = crc32(line.bytes, run.crc);
    run.lineCount += 1;
    run.lengthBytes += line.bytes.length;
  }
  if (run !== undefined) yield keep(run, scan);
  if (scan.lineCount >= firstLine) {
    scan.indexIsClean = false;
    scan.damage.push({
      firstLine,
      lastLine: scan.lineCount,
      reason: 'kept without an index record, time and step unknown',
    });
  }
}

function keep(run: Run, scan: HotScan): ScannedRun {
  scan.lineCount += run.lineCount;
  scan.textBytes += run.lengthBytes;
  return { run, record: undefined };
}

function recoveredRun(scan: HotScan, stage: string): Run {
  return {
    firstLine: scan.lineCount + 1,
    lineCount: 0,
    offsetBytes: scan.textBytes,
    lengthBytes: 0,
    crc: 0,
    timeMs: 0,
    stage,
    step: 0,
    attempt: 0,
    flags: RUN_FLAG.recovered,
  };
}

function* strictLines(
  text: DiskFile,
  fromBytes: number,
  endBytes: number,
  firstLine: number,
): Generator<{ bytes: Buffer; stage: string }> {
  let line = firstLine;
  let at = fromBytes;
  while (at < endBytes) {
    const window = readAt(text, at, Math.min(endBytes - at, STORED_LINE_LIMIT_BYTES));
    let start = 0;
    for (let end = window.indexOf(LF); end !== -1; end = window.indexOf(LF, start)) {
      const stored = parseStoredLine(window.subarray(start, end), line);
      if (stored === undefined) return;
      yield { bytes: window.subarray(start, end + 1), stage: stored.BuildStage };
      start = end + 1;
      line += 1;
    }
    if (start === 0) return;
    at += start;
  }
}
