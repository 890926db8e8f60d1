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

/** Passes on the lines of a log that match, with their context. Returns the number of matches. */
export async function searchLog(
  client: Client,
  id: string,
  search: LogSearch,
  onFound: (found: FoundLines) => Promise<void>,
): Promise<number> {
  const query = { id, ...patternQuery(search), ...filterQuery(search.filter) };
  const pages = listPages(client, 'searchLog', query);
  return passOn(hitsOf(pages), onFound);
}

/** What to look for, as a query of the native API. */
export function patternQuery({ pattern, fixed, ignoreCase, context }: Omit<LogSearch, 'filter'>) {
  return { ...(fixed ? { q: pattern } : { regex: pattern }), context, ignorecase: ignoreCase || undefined };
}

/**
 * Passes on the lines of hits with their context, each line once, in order; `onBuild` is called before the first of each
 * build. Returns the number of hits.
 */
export async function passOn(
  hits: AsyncIterable<Hit>,
  onFound: (found: FoundLines) => Promise<void>,
  onBuild?: (id: string) => Promise<void>,
): Promise<number> {
  let hitCount = 0;
  let build: string | undefined;
  let shown = 0;
  // The context after a match waits, since the next match may be in it.
  let waiting: readonly Line[] = [];
  const passRest = async (before: number) => {
    const rest = waiting.filter(({ LineNumber }) => LineNumber < before);
    if (rest.length > 0) await onFound({ lines: rest, endsWithHit: false, afterGap: false });
    shown = rest.at(-1)?.LineNumber ?? shown;
  };
  for await (const { BuildRecordId, Line, Before, After } of hits) {
    if (BuildRecordId !== build) {
      await passRest(Number.POSITIVE_INFINITY);
      await onBuild?.(BuildRecordId);
      [build, shown, waiting] = [BuildRecordId, 0, []];
    }
    await passRest(Line.LineNumber);
    const lines = [...Before.filter(({ LineNumber }) => LineNumber > shown), Line];
    const first = lines[0] ?? Line;
    await onFound({ lines, endsWithHit: true, afterGap: shown > 0 && first.LineNumber > shown + 1 });
    hitCount += 1;
    shown = Line.LineNumber;
    waiting = After;
  }
  await passRest(Number.POSITIVE_INFINITY);
  return hitCount;
}

async function* hitsOf(pages: AsyncIterable<{ Hits: readonly Hit[] }>): AsyncGenerator<Hit, void> {
  for await (const { Hits } of pages) yield* Hits;
}
