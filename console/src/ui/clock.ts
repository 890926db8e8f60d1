import { useEffect, useReducer } from 'react';

/** The current time; the component is drawn again every `intervalMs`, unless that is undefined. */
export function useNow(intervalMs: number | undefined): number {
  const [, tick] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    if (intervalMs === undefined) return;
    const timer = setInterval(tick, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return Date.now();
}
