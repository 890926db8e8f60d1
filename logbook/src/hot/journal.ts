/*
 * Where running logs are kept, and how their lines come to those who read them: the means `journal`. The log's writer, its
 * readers, its followers, its recovery and its archiver know a running log by these two contracts alone. `LocalJournal` is the
 * files of one machine. Another transport carries batches between machines, keeps those that it admits on each as a cache, and
 * is told apart from the local one by nothing here (docs/decisions/0019-a-journal-reads-from-its-own-machine.md).
 */

import type { Counts } from '../format/log-counts.ts';
import type { Run } from '../format/run.ts';
import type { LineRange } from '../format/seal.ts';
import type { LineIndex } from './line-index.ts';

/** The running logs. A log that was sealed and removed from here is none of them any more. */
export interface Journal {
  /** Begins a log, durably, for a writer. Throws when it is there already. The logbook has made the log's folder, where its sealed form will be. */
  create(logId: string, holder: JournalHolder): Promise<JournalLog>;
  /** Opens a log to read as far as it is sound; undefined where there is none. */
  open(logId: string): JournalLog | undefined;
  /**
   * Takes a log over, for a writer that goes on with it: whoever held it before can append nothing more. Keeps every whole, valid,
   * contiguous line. Throws when there is none, or when its holder has a higher epoch.
   */
  recover(logId: string, holder: JournalHolder): Promise<Recovered>;
  /** Removes a log, once its sealed form is one. One that is not there is no error. */
  remove(logId: string): Promise<void>;
}

/** Who writes a log: each that takes it over from another has a higher epoch. Without one, the highest that was seen. */
export type JournalHolder = { epoch: number | undefined; nowMs: number };

/** One running log. What is read of it is what is committed, and nothing past it. */
export interface JournalLog {
  /** Committed so far. */
  readonly lineCount: number;
  readonly textBytes: number;
  /** Where its lines stand, and what their text must be; grows with each batch. */
  readonly lines: LineIndex;
  /** Called after each batch, when its lines can be read, whoever appended it. */
  onGrowth: () => void;
  /**
   * Adds a batch, and resolves when its lines are durable and can be read. It is admitted only if `refusalOf` has nothing against it, from
   * the log's holder, with no other under way. The first one that cannot be made durable ends appending for good.
   */
  append(batch: JournalBatch): Promise<void>;
  /**
   * Reads text into all of `target`, from a byte on, and returns how many bytes there were. At once and from this machine: a page
   * is one read.
   */
  read(target: Uint8Array, offsetBytes: number): number;
  /** The runs from the one on that stands at a place of `lines`, its `recordBytes`. */
  runs(recordBytes: number): Iterable<Run>;
  /** Lets go of the log: nothing can be appended or read any more. No append may be under way. */
  close(): void;
}

/** Lines that are committed together. */
export type JournalBatch = {
  firstLine: number;
  offsetBytes: number;
  /** The lines as they are stored, one after the other. */
  text: readonly Uint8Array[];
  /** What covers the text, in order; each has the CRC-32 of its part. */
  runs: readonly Run[];
  /** What is counted of the log up to here; undefined is as before. */
  counts: Counts | undefined;
};

/** What recovery found. */
export type Recovery = {
  keptLines: number;
  /** Bytes cut from the end of the log. */
  cutBytes: number;
  /** Lines that are lost, or whose time is unknown. Empty after a clean stop. */
  damage: LineRange[];
};

/** A log that was taken over, to be written on. */
export type Recovered = { log: JournalLog; counts: Counts; recovery: Recovery; lastRun: Run | undefined };

/** Why a batch does not continue a log; undefined where it does. The rule is the same wherever a batch comes from. */
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
