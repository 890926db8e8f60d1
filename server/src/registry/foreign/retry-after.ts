import type { IncomingHttpHeaders } from 'node:http';

/** A registry that wants a longer pause is asked again after this one. */
const LONGEST_MS = 86_400_000;

/**
 * How long a server asks to wait, at most a day: by Retry-After, in seconds or as a date (RFC 9110, 10.2.3), or by the headers of
 * Docker Hub, which are times in seconds: https://docs.docker.com/reference/api/hub/latest/#tag/rate-limiting. Undefined if it
 * does not say.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs = Date.now()): number | undefined {
  const pauses = [
    pauseOf(headers['retry-after'], nowMs),
    untilSeconds(headers['x-retry-after'], nowMs),
    untilSeconds(headers['x-ratelimit-reset'], nowMs),
  ];
  const pauseMs = pauses.find((each) => each !== undefined);
  return pauseMs === undefined ? undefined : Math.min(Math.max(pauseMs, 0), LONGEST_MS);
}

function pauseOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - nowMs;
}

function untilSeconds(header: string | string[] | undefined, nowMs: number): number | undefined {
  return typeof header === 'string' && /^\d{1,12}$/.test(header) ? Number(header) * 1000 - nowMs : undefined;
}
