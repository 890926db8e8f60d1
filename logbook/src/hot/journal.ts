/*
 * The contracts of the journal, which stores running logs and delivers their lines to readers. A log's writer, readers,
 * followers, recovery and archiver use a running log only through these two contracts. `LocalJournal` keeps the files on one
 * machine. Another transport could carry batches between machines and cache the accepted ones on each; nothing here depends on
 * which is used (docs/decisions/0019-a-journal-reads-from-its-own-machine-and-its-rule-is-ours.md).
 */

import type { Counts } from '../format/log-counts.ts';
import type { Run } from '../format/run.ts';
import type { LineRange } from '../format/seal.ts';
import type { LineIndex } from './line-index.ts';

/** The running logs. A log leaves the journal when it is sealed and removed from here. */
export interface Journal {
  /** Creates a log durably for a writer. Throws if it exists. The logbook has already created the folder for the sealed form. */
  create(logId: string, holder: JournalHolder): Promise<JournalLog>;
  /** Opens a log for reading, as far as it is sound; undefined if it does not exist. */
  open(logId: string): JournalLog | undefined;
  /**
   * Takes over a log for a writer that continues it. The previous holder can append nothing more. Keeps every whole, valid,
   * contiguous line. Throws if there is no such log, or if its holder has a higher epoch.
   */
  recover(logId: string, holder: JournalHolder): Promise<Recovered>;
  /** Removes a log, if it exists, once its sealed form is complete. */
  remove(logId: string): Promise<void>;
}

/** The writer of a log. Each one that takes over has a higher epoch. By default, the highest epoch seen. */
export interface JournalHolder {
  epoch: number | undefined;
  nowMs: number;
}

/** One running log. Reads return only committed lines. */
export interface JournalLog {
  /** Committed so far. */
  readonly lineCount: number;
  readonly textBytes: number;
  /** The positions and checksums of its lines. Grows with each batch. */
  readonly lines: LineIndex;
  /** Called after each batch, by any writer, once its lines can be read. */
  onGrowth: () => void;
  /**
   * Appends a batch, and resolves when its lines are durable and readable. Accepts it only if `refusalOf` does, from the log's
   * holder, and with no other append in progress. After the first batch that cannot be made durable, no more are accepted.
   */
  append(batch: JournalBatch): Promise<void>;
  /**
   * Fills `target` with text from an offset on, and returns how many bytes it read. Synchronous and from this machine, because a
   * page is one read.
   */
  read(target: Uint8Array, offsetBytes: number): number;
  /** The runs, starting with the one at a position's `recordBytes` in `lines`. */
  runs(recordBytes: number): Iterable<Run>;
  /** Releases the log: nothing more can be appended or read. No append may be in progress. */
  close(): void;
}

/** Lines that are committed together. */
export interface JournalBatch {
  firstLine: number;
  offsetBytes: number;
  /** The lines in stored form, one after another. */
  text: readonly Uint8Array[];
  /** The runs that cover the text, in order. Each has the CRC-32 of its part. */
  runs: readonly Run[];
  /** The log's counts up to here; undefined if unchanged. */
  counts: Counts | undefined;
}

/** What recovery found. */
export interface Recovery {
  keptLines: number;
  /** Bytes cut from the end of the log. */
  cutBytes: number;
  /** Lines that are lost, or whose time is unknown. Empty after a clean stop. */
  damage: LineRange[];
}

/** A log that was taken over for further writing. */
export interface Recovered {
  log: JournalLog;
  counts: Counts;
  recovery: Recovery;
  lastRun: Run | undefined;
}

/** Why a batch does not continue a log; undefined if it does. The rule is the same for every transport. */
export function refusalOf(log: Pick<JournalLog, 'lineCount' | 'textBytes'>, batch: JournalBatch): string | undefined {
  if (batch.firstLine !== log.lineCount + 1 || batch.offsetBytes !== log.textBytes) {
    return `it begins with line ${batch.firstLine} at byte ${batch.offsetBytes}, and the log ends with line ${log.lineCount} at byte ${log.textBytes}`;
  }
  let line = batch.firstLine;
  let at = batch.offsetBytes;
  for (const run of batch.runs) {
    if (run.firstLine !== line || run.offsetBytes !== at) return `its runs do not follow each other at line ${line}`;
    line += run.lineCount;
    at += run.lengthBytes;
  }
  const textBytes = batch.text.reduce((sum, part) => sum + part.length, 0);
  return at - batch.offsetBytes === textBytes
    ? undefined
    : `its runs are of ${at - batch.offsetBytes} bytes and its text of ${textBytes}`;
}
