/** Limits how often one caller may call: a number of calls per second on average, and a burst of two seconds' worth. */
export interface Throttle {
  /** Counts a call. If it exceeds the limit, returns the milliseconds to wait before the next one. */
  take(caller: string, nowMs: number): number | undefined;
}

const CALLERS_LIMIT = 10_000;

/**
 * A token bucket for each caller, in memory. Servers with one database share the limit: each allows an equal part of it, so that a caller
 * may make about as many calls as at one server.
 */
export function createThrottle(callsPerSecond: number, liveServers = () => 1): Throttle {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(caller, nowMs) {
      const perSecond = callsPerSecond / liveServers();
      // Of a small part too, one call at a time is allowed.
      const burst = Math.max(1, perSecond * 2);
      const known = buckets.get(caller);
      // If the clock was set back, the bucket stays as it is.
      const passedMs = known ? Math.max(0, nowMs - known.atMs) : 0;
      const tokens = known ? Math.min(burst, known.tokens + (passedMs * perSecond) / 1000) : burst;
      if (!known && buckets.size >= CALLERS_LIMIT) forgetFull(buckets, burst, perSecond, nowMs);
      const allowed = tokens >= 1;
      buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
      return allowed ? undefined : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
  };
}

/** Drops callers whose bucket is full again: they are the same as new callers. */
function forgetFull(
  buckets: Map<string, { tokens: number; atMs: number }>,
  burst: number,
  perSecond: number,
  nowMs: number,
): void {
  for (const [caller, { tokens, atMs }] of buckets) {
    if (tokens + ((nowMs - atMs) * perSecond) / 1000 >= burst) buckets.delete(caller);
  }
}
