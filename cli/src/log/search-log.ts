import type { Client } from '@slipway/client/client.ts';
import type { Hit, Line } from '@slipway/client/native.gen.ts';
import { filterQuery, type LogFilter } from '../input/log-filter.ts';
import { listPages } from '../output/list-pages.ts';

/** What to search for in a log. */
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

/** A part of a search's result: consecutive lines. */
export interface FoundLines {
  lines: readonly Line[];
  /** The last of `lines` is a match and the others are context; if false, all are context. */
  endsWithHit: boolean;
  /** There are other lines between these and the previous ones. */
  afterGap: boolean;
}

/** Passes on the lines that match, with their context, each line once, in order. Returns the number of matches. */
export async function searchLog(
  client: Client,
  id: string,
  search: LogSearch,
  onFound: (found: FoundLines) => Promise<void>,
): Promise<number> {
  let hitCount = 0;
  let shown = 0;
  // The context after a match waits, since the next match may be in it.
  let waiting: readonly Line[] = [];
  for await (const { Line, Before, After } of hitsOf(client, id, search)) {
    const rest = waiting.filter(({ LineNumber }) => LineNumber < Line.LineNumber);
    if (rest.length > 0) await onFound({ lines: rest, endsWithHit: false, afterGap: false });
    shown = rest.at(-1)?.LineNumber ?? shown;
    const lines = [...Before.filter(({ LineNumber }) => LineNumber > shown), Line];
    const first = lines[0] ?? Line;
    await onFound({ lines, endsWithHit: true, afterGap: shown > 0 && first.LineNumber > shown + 1 });
    hitCount += 1;
    shown = Line.LineNumber;
    waiting = After;
  }
  if (waiting.length > 0) await onFound({ lines: waiting, endsWithHit: false, afterGap: false });
  return hitCount;
}

async function* hitsOf(client: Client, id: string, search: LogSearch): AsyncGenerator<Hit, void> {
  const pattern = search.fixed ? { q: search.pattern } : { regex: search.pattern };
  const { context, ignoreCase, filter } = search;
  const query = { id, ...pattern, context, ignorecase: ignoreCase || undefined, ...filterQuery(filter) };
  for await (const { Hits } of listPages(client, 'searchLog', query)) yield* Hits;
}
