import { setImmediate } from 'node:timers/promises';
import { type Disk, type DiskFile, isMissing } from '../disk/disk.ts';
import type { LogFiles } from '../disk/log-files.ts';
import { type Counts, encodeCounts } from '../format/log-counts.ts';
import { encodeFileHeader, FILE_HEADER_BYTES, HOT_MAGIC } from '../format/record.ts';
import { encodeRun, type Run } from '../format/run.ts';
import { keepCutLines, linesCutBefore } from './cut-lines.ts';
import { type HotScan, type ScannedRun, scanHotLog } from './hot-scan.ts';
import type { Recovered } from './journal.ts';
import { LocalLog } from './local-log.ts';

const WRITE_BYTES = 1024 * 1024;
/** Some milliseconds of reading. */
const RUNS_PER_STEP = 256;

/** Creates the files of a new hot log durably. Throws EEXIST if the log already has files. */
export async function createHotLog(disk: Disk, files: LogFiles, madeAtMs: number): Promise<LocalLog> {
  const made: DiskFile[] = [];
  try {
    const index = disk.open(files.hotIndex, 'create-durable');
    made.push(index);
    await index.write([encodeFileHeader(HOT_MAGIC, madeAtMs)], 0);
    const text = disk.open(files.hotText, 'create-durable');
    made.push(text);
    await text.sync();
    await disk.syncFolder(files.folder);
    return new LocalLog(text, index);
  } catch (error) {
    for (const file of made) file.close();
    throw error;
  }
}

/**
 * Opens a hot log without a writer for further writing: keeps what `scanHotLog` accepts, cuts the rest, and rewrites hot.idx if
 * it is not correct. If this is interrupted at any point, the next recovery keeps the same lines.
 */
export async function recoverHotLog(disk: Disk, files: LogFiles): Promise<RecoveredLocalLog> {
  await makeMissing(disk, files);
  let outcome = await loadHotLogPatiently(disk, files);
  const { scan } = outcome;
  const { lineCount: keptLines, cutBytes, textBytes: fromBytes } = scan;
  const firstLost = scan.hasLost ? keptLines + 1 : undefined;
  const recovery = { keptLines, cutBytes, damage: [...linesCutBefore(disk, files, firstLost), ...scan.damage] };
  if (scan.cutBytes > 0 || !scan.indexIsClean) {
    outcome.log.close();
    // Cut the text first: next time, a record without its text is ignored, but text without its record might be kept.
    if (firstLost !== undefined) await keepCutLines(disk, files, firstLost, { fromBytes, cutBytes });
    if (cutBytes > 0) await disk.truncate(files.hotText, fromBytes);
    if (!scan.indexIsClean) await rewriteIndex(disk, files, scan.counts);
    outcome = await loadHotLogPatiently(disk, files);
  }
  return { log: outcome.log, recovery, counts: scan.counts, lastRun: outcome.lastRun };
}

type RecoveredLocalLog = Recovered & { log: LocalLog };

interface Loaded {
  log: LocalLog;
  scan: HotScan;
  lastRun: Run | undefined;
}

/** Opens a hot log as far as its index is correct, with the result of a scan. Reads the whole log. */
export function loadHotLog(disk: Disk, files: LogFiles): Loaded {
  const loading = loadInSteps(disk, files);
  let step = loading.next();
  while (step.done !== true) step = loading.next();
  return step.value;
}

/** The same, but yields to other work now and then. */
async function loadHotLogPatiently(disk: Disk, files: LogFiles): Promise<Loaded> {
  const loading = loadInSteps(disk, files);
  let step = loading.next();
  for (; step.done !== true; step = loading.next()) await setImmediate();
  return step.value;
}

function* loadInSteps(disk: Disk, files: LogFiles): Generator<undefined, Loaded> {
  const text = disk.open(files.hotText, 'append-durable');
  let log: LocalLog;
  try {
    log = new LocalLog(text, disk.open(files.hotIndex, 'append-durable'));
  } catch (error) {
    text.close();
    throw error;
  }
  try {
    const scanning = log.scan();
    let lastRun: Run | undefined;
    let unbroken = true;
    let step = scanning.next();
    for (let count = 1; step.done !== true; step = scanning.next(), count += 1) {
      const { run, record } = step.value;
      unbroken &&= record !== undefined;
      if (unbroken && record !== undefined) {
        log.admit(run, record.at, record.endBytes);
        lastRun = run;
      }
      if (count % RUNS_PER_STEP === 0) yield;
    }
    if (step.value.indexIsClean) log.skipToIndexEnd();
    return { log, scan: step.value, lastRun };
  } catch (error) {
    log.close();
    throw error;
  }
}

async function makeMissing(disk: Disk, files: LogFiles): Promise<void> {
  // If creating the log was interrupted, either file may be missing.
  for (const path of [files.hotIndex, files.hotText]) {
    try {
      disk.open(path, 'read').close();
    } catch (error) {
      if (!isMissing(error)) throw error;
      const file = disk.open(path, 'create');
      if (path === files.hotIndex) await file.write([encodeFileHeader(HOT_MAGIC, Date.now())], 0);
      await file.sync();
      file.close();
      await disk.syncFolder(files.folder);
    }
  }
}

async function rewriteIndex(disk: Disk, files: LogFiles, counts: Counts): Promise<void> {
  const text = disk.open(files.hotText, 'read');
  const old = disk.open(files.hotIndex, 'read');
  await disk.remove(files.hotIndexTemp);
  const index = disk.open(files.hotIndexTemp, 'create');
  try {
    await index.write([encodeFileHeader(HOT_MAGIC, Date.now())], 0);
    // Unknown counts must not look like zero to the next recovery.
    const counted = encodeCounts(counts);
    await index.write([counted], FILE_HEADER_BYTES);
    let at = FILE_HEADER_BYTES + counted.length;
    for (const records of encodedInBatches(scanHotLog(text, old))) {
      await index.write([records], at);
      at += records.length;
    }
    await index.sync();
  } finally {
    for (const file of [text, old, index]) file.close();
  }
  await disk.rename(files.hotIndexTemp, files.hotIndex);
  await disk.syncFolder(files.folder);
}

function* encodedInBatches(runs: Iterable<ScannedRun>): Generator<Buffer> {
  let records: Buffer[] = [];
  let sizeBytes = 0;
  for (const { run } of runs) {
    const record = encodeRun(run);
    records.push(record);
    sizeBytes += record.length;
    if (sizeBytes < WRITE_BYTES) continue;
    yield Buffer.concat(records);
    records = [];
    sizeBytes = 0;
  }
  if (records.length > 0) yield Buffer.concat(records);
}
