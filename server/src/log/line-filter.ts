import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type LogLine, type LogReader, type RunRow, readLines } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';

/** Which lines of a log are wanted. An undefined field matches all. */
export interface LineFilter {
  readonly stage: Stage | undefined;
  readonly step: number | undefined;
  /** Lines with an unknown time always match. */
  readonly sinceMs: number | undefined;
}

/** Matching lines, and the first line that was not examined. */
export interface FilteredLines {
  readonly lines: LogLine[];
  readonly nextLine: number;
}

/** A filter's query parameters. `since` is in milliseconds since 1970. */
export interface FilterQuery {
  readonly stage?: Stage | undefined;
  readonly step?: number | undefined;
  readonly since?: number | undefined;
}

const BUDGET_MS = 200;

/** The filter in a query; undefined if every line is wanted. */
export function filterOf({ stage, step, since }: FilterQuery): LineFilter | undefined {
  if (stage === undefined && step === undefined && since === undefined) return undefined;
  return { stage, step, sinceMs: since };
}

/** Whether a line, or a run of them, is wanted. */
export function isWanted(
  line: { readonly stage: string; readonly step: number; readonly timeMs: number | undefined },
  { stage, step, sinceMs }: LineFilter,
): boolean {
  if (stage !== undefined && line.stage !== stage) return false;
  if (step !== undefined && line.step !== step) return false;
  return sinceMs === undefined || !line.timeMs || line.timeMs >= sinceMs;
}

/**
 * At most `limit` matching lines, from line `fromLine` on. Other lines are skipped by the index and not read. It may stop early
 * with fewer lines: if `nextLine` is not past the log's end, call it again from there.
 */
export async function filteredLines(
  log: LogReader,
  fromLine: number,
  filter: LineFilter,
  limit: number,
): Promise<FilteredLines> {
  const deadlineMs = performance.now() + BUDGET_MS;
  const lines: LogLine[] = [];
  let nextLine = fromLine;
  for await (const runs of log.runs(fromLine)) {
    const found = wantedRanges(runs, nextLine, filter, limit - lines.length);
    for (const { firstLine, lineCount } of found.ranges)
      lines.push(...(await readLines(log, firstLine - 1, lineCount)));
    nextLine = found.nextLine;
    if (lines.length >= limit || performance.now() >= deadlineMs) break;
    await yieldToOthers();
  }
  return { lines, nextLine };
}

/** The wanted lines of consecutive runs, from a line on, at most `limit`. */
function wantedRanges(runs: readonly RunRow[], fromLine: number, filter: LineFilter, limit: number) {
  const ranges: { firstLine: number; lineCount: number }[] = [];
  let nextLine = fromLine;
  let left = limit;
  for (const run of runs) {
    if (left === 0) break;
    const end = run.firstLine + run.lineCount;
    if (isWanted(run, filter)) {
      const firstLine = Math.max(run.firstLine, fromLine);
      const lineCount = Math.min(left, end - firstLine);
      const last = ranges.at(-1);
      if (last && last.firstLine + last.lineCount === firstLine) last.lineCount += lineCount;
      else ranges.push({ firstLine, lineCount });
      left -= lineCount;
      nextLine = firstLine + lineCount;
    } else nextLine = end;
  }
  return { ranges, nextLine };
}
