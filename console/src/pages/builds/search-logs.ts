import type { Build, Hit, NativeCalls } from '@slipway/client/native.gen.ts';
import { type BuildFilters, filterParams } from '../../api/build-filters.ts';
import { getNative, queryOf } from '../../api/native-api.ts';

/** What to look for, and in the logs of which builds. */
export interface LogsQuery {
  text: string;
  regex: boolean;
  matchCase: boolean;
  filters: BuildFilters;
}

/** The hits of one build, in the order of its lines. */
export interface BuildHits {
  build: Build;
  hits: readonly Hit[];
}

/** What a search has found so far. */
export interface FoundInLogs {
  builds: readonly BuildHits[];
  hitCount: number;
  /** Logs that were searched to their end. */
  searchedCount: number;
  damagedIds: readonly string[];
  /** When the oldest build was requested that was looked at. */
  backToMs: number | undefined;
  /** Where to continue; undefined if everything was searched. */
  cursor: string | undefined;
}

export const NOTHING_FOUND: FoundInLogs = {
  builds: [],
  hitCount: 0,
  searchedCount: 0,
  damagedIds: [],
  backToMs: undefined,
  cursor: undefined,
};

/** Small parts, so that what was found is shown soon. */
const HITS_A_REQUEST = 50;
const CONTEXT_LINES = 2;

/**
 * Searches on from where `found` ended, and tells what it has after each part, until all logs are searched or there are
 * `wantedCount` hits.
 */
export async function searchLogs(
  { text, regex, matchCase, filters }: LogsQuery,
  found: FoundInLogs,
  wantedCount: number,
  signal: AbortSignal,
  tell: (found: FoundInLogs) => void,
): Promise<void> {
  // The time of a filter such as "the last hour" is that of the beginning.
  const { since: buildsince, until: builduntil, ...params } = filterParams(filters, Date.now());
  let all = found;
  do {
    const query = queryOf({
      ...params,
      buildsince,
      builduntil,
      q: regex ? undefined : text,
      regex: regex ? text : undefined,
      ignorecase: matchCase ? undefined : true,
      context: CONTEXT_LINES,
      limit: HITS_A_REQUEST,
      cursor: all.cursor,
    });
    all = withPart(all, await getNative<NativeCalls['searchLogs']['reply']>(`/log/search${query}`, signal));
    tell(all);
  } while (all.cursor !== undefined && all.hitCount < wantedCount);
}

/** Adds a part of the result. A build whose hits are in several parts stays one entry. */
export function withPart(found: FoundInLogs, part: NativeCalls['searchLogs']['reply']): FoundInLogs {
  const builds = [...found.builds];
  for (const build of part.Builds) {
    const hits = part.Hits.filter((hit) => hit.BuildRecordId === build.BuildRecordId);
    const last = builds.at(-1);
    if (last?.build.BuildRecordId === build.BuildRecordId)
      builds[builds.length - 1] = { build, hits: [...last.hits, ...hits] };
    else builds.push({ build, hits });
  }
  return {
    builds,
    hitCount: found.hitCount + part.Hits.length,
    searchedCount: found.searchedCount + part.SearchedBuilds,
    damagedIds: [...found.damagedIds, ...part.DamagedBuilds],
    backToMs: part.SearchedBackTo ?? found.backToMs,
    cursor: part.Cursor,
  };
}

/** A line to show: a hit, or one of the lines around hits. */
export interface ShownLine {
  line: Hit['Line'];
  isHit: boolean;
  /** Other lines are between it and the one before. */
  afterGap: boolean;
}

/** The lines of hits with those around them, each once, in order. */
export function shownLines(hits: readonly Hit[]): ShownLine[] {
  const numbers = new Set(hits.map((hit) => hit.Line.LineNumber));
  const lines = new Map(
    hits.flatMap(({ Before, Line, After }) => [...Before, Line, ...After]).map((line) => [line.LineNumber, line]),
  );
  let before: number | undefined;
  return [...lines.values()]
    .sort((one, other) => one.LineNumber - other.LineNumber)
    .map((line) => {
      const afterGap = before !== undefined && line.LineNumber !== before + 1;
      before = line.LineNumber;
      return { line, isHit: numbers.has(line.LineNumber), afterGap };
    });
}
