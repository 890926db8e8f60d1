import type { Readable } from 'node:stream';
import type { Answer } from '../format/answer.ts';
import type { LogLine, Page } from '../format/page.ts';
import { RUN_FLAG } from '../format/run.ts';
import type { RunRow } from '../format/run-table.ts';
import type { Seal } from '../format/seal.ts';
import type { StoredLine } from '../format/stored-line.ts';
import type { TextSlice } from '../format/text-slice.ts';

/** The current state of a log. */
export interface LogState {
  lineCount: number;
  sizeBytes: number;
  sealed: boolean;
  seal?: Seal;
}

/**
 * A log as it can be read, wherever it is. What a reader returns is the caller's own: reads of one log or of several may
 * be in progress at the same time, and none changes what another one returned. A log may be sealed between two reads, or
 * during one; they still return the same lines. Each method throws, or rejects with, `NoSuchLog` once the log was removed or its logbook closed.
 */
export interface LogReader {
  /** The current state: not less than anyone was shown before this call began. */
  reach(): Answer<LogState>;
  /** The lines after the first `offset`, at most `limit`; none past the end. The same bytes for as long as the log is kept. */
  page(offset: number, limit?: number): Answer<Page>;
  /** For reading a whole log: lines from a given one on, in stored form, as many as one read returns; none at the end. */
  textFrom(fromLine: number): Answer<TextSlice>;
  /**
   * The runs: lines with the same stage, step, attempt and time, from the run that contains `fromLine` to the one that
   * contains `toLine` or to the end; as many at once as one read returns.
   */
  runs(fromLine?: number, toLine?: number): AsyncIterable<readonly RunRow[]>;
  /** Calls `wake` once when there is a line after `afterLine`, or when no more will come. */
  whenMore(afterLine: number, wake: () => void): Disposable;
}

/** A log as bytes, which can be downloaded. */
export interface LogBytes {
  /** The stored lines as NDJSON, from one byte to before another. Throws if the log ends before. */
  text(fromByte: number, toByte: number): AsyncIterable<Buffer>;
  /** The archive of a sealed log, which is one gzip member, from one byte to before another. Throws if the log is not sealed. */
  archive(fromByte: number, toByte: number): Readable;
}

/** A log that was opened. */
export interface Log extends LogReader, LogBytes {}

/** How a log is opened. */
export interface OpenOptions {
  /** Once it is aborted, each read throws its reason. */
  signal?: AbortSignal | undefined;
}

/** A log that does not exist, or no longer. */
export class NoSuchLog extends Error {
  override readonly name = 'NoSuchLog';

  constructor(logId: string) {
    super(`there is no log ${JSON.stringify(logId)}`);
  }
}

/** Like `page`, but each line has its time, step and attempt, and whether it continues in the next. */
export async function readLines(log: LogReader, offset: number, limit?: number): Promise<LogLine[]> {
  const { latin1, firstLine, lineCount } = await log.page(offset, limit);
  if (lineCount === 0) return [];
  const stored = JSON.parse(`[${Buffer.from(latin1, 'latin1').toString('utf8')}]`) as StoredLine[];
  const lines: LogLine[] = [];
  for await (const runs of log.runs(firstLine, firstLine + lineCount - 1)) {
    for (const run of runs) {
      const end = run.firstLine + run.lineCount - firstLine;
      for (const line of stored.slice(lines.length, Math.max(lines.length, end))) lines.push(withRun(line, run));
    }
  }
  if (lines.length < stored.length) throw new Error(`line ${firstLine + lines.length} of the log is in no run`);
  return lines;
}

function withRun(line: StoredLine, run: RunRow): LogLine {
  const isLast = line.LineNumber === run.firstLine + run.lineCount - 1;
  return {
    lineNumber: line.LineNumber,
    message: line.Message,
    stage: line.BuildStage,
    step: run.step,
    attempt: run.attempt,
    timeMs: run.timeMs === 0 ? undefined : run.timeMs,
    continued: isLast && (run.flags & RUN_FLAG.continued) !== 0,
  };
}
