import { useEffect, useRef } from 'react';
import type { LogSearch } from './use-log-search.ts';

/**
 * Returns a function that moves to the next hit of a search, or to the previous one. A move that is requested before the
 * hits are known is made once they are.
 */
export function useHitSteps(search: LogSearch, showLine: (line: number) => void): (by: 1 | -1) => void {
  const { found, query } = search;
  const wanted = useRef<1 | -1>(undefined);
  const stepHit = (by: 1 | -1) => {
    const lines = found?.lines ?? [];
    const isKnown = found !== undefined && (found.done || found.more || (by === 1 && lines.length > 0));
    wanted.current = isKnown || query.text === '' ? undefined : by;
    if (!isKnown || lines.length === 0) return;
    const next =
      search.current < 0 ? (by === 1 ? 0 : lines.length - 1) : (search.current + by + lines.length) % lines.length;
    search.setCurrent(next);
    showLine(lines[next] ?? 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query drops the move that was requested for the old one
  useEffect(() => {
    wanted.current = undefined;
  }, [query]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only new hits matter
  useEffect(() => {
    if (wanted.current !== undefined) stepHit(wanted.current);
  }, [found]);
  return stepHit;
}
