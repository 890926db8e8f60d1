import type { Client } from '@slipway/client/client.ts';
import { filterQuery, type LogFilter } from './log-filter.ts';
import type { LogLine } from './log-line.ts';
import { readReply } from './native-reply.ts';

const PAGE_LINES = 1000;

interface LogPage {
  TotalCount: number;
  NextOffset?: number;
  Lines: LogLine[];
}

/** Which part of a log is read. */
export interface LogPart {
  /** Number of the first line. */
  from?: number | undefined;
  /** Or the last lines, so many. */
  tail?: number | undefined;
  /** What of it is wanted; the server leaves the rest out. */
  filter: LogFilter;
}

/** Hands over the lines that a log has at this moment, page by page; gives how many it has, and its verdict if it is sealed. */
export async function readLog(
  client: Client,
  id: string,
  part: LogPart,
  onLines: (lines: readonly LogLine[]) => Promise<void>,
): Promise<{ lineCount: number; verdict?: string; reason?: string }> {
  const { TotalCount } = await readPage(client, id, { offset: '0', limit: '1' });
  let offset: number | undefined = part.from === undefined ? 0 : part.from - 1;
  if (part.tail !== undefined) offset = Math.max(0, TotalCount - part.tail);
  // A log that grows is shown as far as it was at first.
  while (offset !== undefined && offset < TotalCount) {
    const page = { offset: String(offset), limit: String(Math.min(PAGE_LINES, TotalCount - offset)) };
    const { Lines, NextOffset } = await readPage(client, id, { ...page, ...filterQuery(part.filter) });
    await onLines(Lines.filter((line) => line.LineNumber <= TotalCount));
    offset = NextOffset;
  }
  const { Seal } = await readReply(await client.fetch(`/api/v1/builds/${id}/log/seal`));
  return { ...((Seal ?? {}) as { verdict?: string; reason?: string }), lineCount: TotalCount };
}

async function readPage(client: Client, id: string, query: Record<string, string>): Promise<LogPage> {
  const response = await client.fetch(`/api/v1/builds/${id}/log?${new URLSearchParams(query)}`);
  return (await readReply(response)) as unknown as LogPage;
}
