import type { Client } from '@slipway/client/client.ts';
import type { LogLine } from './log-line.ts';
import { readReply } from './native-reply.ts';

const PAGE_LINES = 1000;

interface LogPage {
  TotalCount: number;
  Lines: LogLine[];
}

/** Hands over the lines that a log has at this moment, page by page; gives its verdict, if it is sealed. */
export async function readLog(
  client: Client,
  id: string,
  start: { from: number | undefined; tail: number | undefined },
  onLines: (lines: readonly LogLine[]) => Promise<void>,
): Promise<{ verdict?: string; reason?: string }> {
  const { TotalCount } = await readPage(client, id, 0, 1);
  let offset = start.from === undefined ? 0 : start.from - 1;
  if (start.tail !== undefined) offset = Math.max(0, TotalCount - start.tail);
  while (offset < TotalCount) {
    const { Lines } = await readPage(client, id, offset, Math.min(PAGE_LINES, TotalCount - offset));
    await onLines(Lines);
    offset += Lines.length;
  }
  const { Seal } = await readReply(await client.fetch(`/api/v1/builds/${id}/log/seal`));
  return (Seal ?? {}) as { verdict?: string; reason?: string };
}

async function readPage(client: Client, id: string, offset: number, limit: number): Promise<LogPage> {
  const response = await client.fetch(`/api/v1/builds/${id}/log?offset=${offset}&limit=${limit}`);
  return (await readReply(response)) as unknown as LogPage;
}
