import { useEffect, useRef, useState } from 'react';
import { type FoundInLogs, type LogsQuery, NOTHING_FOUND, searchLogs } from './search-logs.ts';

const HITS_A_ROUND = 100;

/** A search over logs: what it found, whether it runs, and how to stop and continue it. */
export interface LogsSearch {
  found: FoundInLogs;
  running: boolean;
  error: unknown;
  stop(): void;
  goOn(): void;
}

/** Searches while `query` is given, from the beginning whenever it changes. */
export function useLogsSearch(query: LogsQuery | undefined): LogsSearch {
  const [found, setFound] = useState(NOTHING_FOUND);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController>(null);
  const key = JSON.stringify(query);

  const run = (from: FoundInLogs) => {
    abort.current?.abort();
    if (query === undefined) return setRunning(false);
    const own = new AbortController();
    abort.current = own;
    setRunning(true);
    setError(undefined);
    const tell = (all: FoundInLogs) => own.signal.aborted || setFound(all);
    searchLogs(query, from, from.hitCount + HITS_A_ROUND, own.signal, tell)
      .catch((failure: unknown) => own.signal.aborted || setError(failure))
      .finally(() => own.signal.aborted || setRunning(false));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the query's value.
  useEffect(() => {
    setFound(NOTHING_FOUND);
    run(NOTHING_FOUND);
    return () => abort.current?.abort();
  }, [key]);

  const stop = () => {
    abort.current?.abort();
    setRunning(false);
  };
  return { found, running, error, stop, goOn: () => run(found) };
}
