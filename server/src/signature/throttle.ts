/** How often one caller may call: so many calls a second on average, and as many at once as two seconds allow. */
export interface Throttle {
  /** Takes one call; answers in how many milliseconds the caller may come again where it is one too many. */
  take(caller: string, nowMs: number): number | undefined;
}

const CALLERS_LIMIT = 10_000;

/** A bucket of tokens for each caller, in memory. */
export function createThrottle(callsPerSecond: number): Throttle {
  const burst = callsPerSecond * 2;
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(caller, nowMs) {
      const known = buckets.get(caller);
      // A clock that was set back gives nothing and takes nothing.
      const passedMs = known ? Math.max(0, nowMs - known.atMs) : 0;
      const tokens = known ? Math.min(burst, known.tokens + (passedMs * callsPerSecond) / 1000) : burst;
      if (!known && buckets.size >= CALLERS_LIMIT) forgetFull(buckets, burst, callsPerSecond, nowMs);
      const allowed = tokens >= 1;
      buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
      return allowed ? undefined : Math.ceil(((1 - tokens) * 1000) / callsPerSecond);
    },
  };
}

/** Drops the callers whose bucket is full again: they are as good as new. */
function forgetFull(
  buckets: Map<string, { tokens: number; atMs: number }>,
  burst: number,
  callsPerSecond: number,
  nowMs: number,
): void {
  for (const [caller, { tokens, atMs }] of buckets) {
    if (tokens + ((nowMs - atMs) * callsPerSecond) / 1000 >= burst) buckets.delete(caller);
  }
}
