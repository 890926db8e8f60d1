import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { Line, NativeCalls } from '@slipway/client/native.gen.ts';
import { filterQuery, type LogFilter } from '../input/log-filter.ts';

const PAGE_LINES = 1000;

/** The part of a log to read. */
export interface LogPart {
  /** Number of the first line. */
  from?: number | undefined;
  /** Or this many lines from the end. */
  tail?: number | undefined;
  /** Which lines to show; the server leaves the others out. */
  filter: LogFilter;
}

/**
 * Passes on the lines that a log has at this moment, page by page; returns how many it has, and its verdict if it is
 * sealed.
 */
export async function readLog(
  client: Client,
  id: string,
  part: LogPart,
  onLines: (lines: readonly Line[]) => Promise<void>,
): Promise<{ lineCount: number; verdict: string | undefined; reason: string | undefined }> {
  const { TotalCount } = await callNative(client, 'getLogPage', { id, offset: 0, limit: 1 });
  let offset: number | undefined = part.from === undefined ? 0 : part.from - 1;
  if (part.tail !== undefined) offset = Math.max(0, TotalCount - part.tail);
  // A growing log is shown up to its length at the start.
  while (offset !== undefined && offset < TotalCount) {
    const limit = Math.min(PAGE_LINES, TotalCount - offset);
    const page: NativeCalls['getLogPage']['params'] = { id, offset, limit, ...filterQuery(part.filter) };
    const { Lines, NextOffset }: NativeCalls['getLogPage']['reply'] = await callNative(client, 'getLogPage', page);
    await onLines(Lines.filter((line) => line.LineNumber <= TotalCount));
    offset = NextOffset;
  }
  const { Seal } = await callNative(client, 'getSeal', { id });
  return { verdict: Seal?.verdict, reason: Seal?.reason, lineCount: TotalCount };
}
