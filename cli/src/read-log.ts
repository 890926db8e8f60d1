import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { Line, NativeCalls } from '@slipway/client/native.gen.ts';
import { filterQuery, type LogFilter } from './log-filter.ts';

const PAGE_LINES = 1000;

/** Which part of a log is read. */
export interface LogPart {
  /** Number of the first line. */
  from?: number | undefined;
  /** Or this many lines from the end. */
  tail?: number | undefined;
  /** What of it is wanted; the server leaves the rest out. */
  filter: LogFilter;
}

/** Hands over the lines that a log has at this moment, page by page; gives how many it has, and its verdict if it is sealed. */
export async function readLog(
  client: Client,
  id: string,
  part: LogPart,
  onLines: (lines: readonly Line[]) => Promise<void>,
): Promise<{ lineCount: number; verdict: string | undefined; reason: string | undefined }> {
  const { TotalCount } = await callNative(client, 'getLogPage', { id, offset: 0, limit: 1 });
  let offset: number | undefined = part.from === undefined ? 0 : part.from - 1;
  if (part.tail !== undefined) offset = Math.max(0, TotalCount - part.tail);
  // A log that grows is shown as far as it was at first.
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
