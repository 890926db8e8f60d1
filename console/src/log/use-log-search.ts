import { useEffect, useMemo, useState } from 'react';
import { type FoundLines, type LogQuery, searchLog } from './search-log.ts';

/** The progress of a search, and the current hit. */
export interface LogSearch {
  query: LogQuery;
  setQuery(query: LogQuery): void;
  found: FoundLines | undefined;
  failure: unknown;
  hits: ReadonlySet<number>;
  /** Index into `found.lines`, or −1. */
  current: number;
  setCurrent(index: number): void;
}

const TYPING_PAUSE_MS = 250;
const NONE: LogQuery = { text: '', regex: false };

/** Searches a log on the server whenever the query changes; in a growing log, only the lines that existed then. */
export function useLogSearch(id: string): LogSearch {
  const [query, setQuery] = useState(NONE);
  const [result, setResult] = useState<{ found?: FoundLines; failure?: unknown }>({});
  const [current, setCurrent] = useState(-1);
  useEffect(() => {
    setResult({});
    setCurrent(-1);
    if (query.text === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      searchLog(id, query, abort.signal, (found) => setResult({ found })).catch((failure: unknown) => {
        if (!abort.signal.aborted) setResult({ failure });
      });
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, query]);
  const hits = useMemo(() => new Set(result.found?.lines), [result.found]);
  return { query, setQuery, found: result.found, failure: result.failure, hits, current, setCurrent };
}

/** The status text of a search: `3 of 217`, `not found`, `1 of 5000 or more`. */
export function describeSearch({ query, found, current }: Pick<LogSearch, 'query' | 'found' | 'current'>): string {
  if (query.text === '') return '';
  if (!found) return 'searching…';
  const count = `${found.lines.length}${found.more && !found.done ? ' or more' : ''}`;
  if (found.lines.length === 0) return found.done ? 'not found' : 'searching…';
  const of = current < 0 ? `${count} found` : `${current + 1} of ${count}`;
  return found.done || found.more ? of : `${of}, searching…`;
}
