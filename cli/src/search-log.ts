import type { Client } from '@slipway/client/client.ts';
import { listPages } from './list-pages.ts';
import { filterQuery, type LogFilter } from './log-filter.ts';
import type { LogLine } from './log-line.ts';

/** What is looked for in a log. */
export interface LogSearch {
  pattern: string;
  /** The pattern is a text, not a regular expression. */
  fixed: boolean;
  ignoreCase: boolean;
  /** Lines before and after each hit. */
  context: number;
  /** Only hits in these lines. */
  filter: LogFilter;
}

interface Hit {
  Line: LogLine;
  Before: LogLine[];
  After: LogLine[];
}

/**
 * Hands over the lines that match, with those around them, as groups of lines that follow each other: each line once, in
 * order. Gives the number of hits.
 */
export async function searchLog(
  client: Client,
  id: string,
  search: LogSearch,
  onGroup: (lines: readonly LogLine[], isFirst: boolean) => Promise<void>,
): Promise<number> {
  let group: LogLine[] = [];
  let groups = 0;
  let hitCount = 0;
  const close = async () => {
    if (group.length > 0) await onGroup(group, groups++ === 0);
    group = [];
  };
  for await (const hit of hitsOf(client, id, search)) {
    hitCount += 1;
    const last = group.at(-1)?.LineNumber ?? 0;
    const lines = [...hit.Before, hit.Line, ...hit.After].filter((line) => line.LineNumber > last);
    if (search.context === 0 || (lines[0] !== undefined && lines[0].LineNumber > last + 1)) await close();
    group.push(...lines);
  }
  await close();
  return hitCount;
}

async function* hitsOf(client: Client, id: string, search: LogSearch): AsyncGenerator<Hit, void> {
  const query = new URLSearchParams({
    [search.fixed ? 'q' : 'regex']: search.pattern,
    context: String(search.context),
    ...(search.ignoreCase ? { ignorecase: 'true' } : {}),
    ...filterQuery(search.filter),
  });
  for await (const reply of listPages(client, `/api/v1/builds/${id}/log/search`, query)) yield* reply.Hits as Hit[];
}
