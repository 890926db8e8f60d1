import type { NativeCalls } from '@slipway/client/native.gen.ts';

/** The filters of the record of calls, as they are in the URL. */
export interface AuditSearch {
  caller?: string;
  action?: string;
  result?: string;
  /** How far back: `1h`, `1d`, `7d` or `30d`. */
  period?: string;
  request?: string;
  cursor?: string;
}

const SHOWN = 50;
const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };
/** What is read again within a minute has the same filter, so that its answer can be kept. */
const MINUTE_MS = 60_000;

/** The filters as the API takes them. A request id names one call, so it goes alone. */
export function filterOf(search: AuditSearch, nowMs: number): NativeCalls['listCalls']['params'] {
  const { caller, action, result, period, request, cursor } = search;
  if (request !== undefined) return { request };
  const [, count, unit = ''] = /^(\d{1,3})([hd])$/.exec(period ?? '') ?? [];
  const backMs = count === undefined ? undefined : Number(count) * (UNITS_MS[unit] ?? 0);
  const since = backMs === undefined ? undefined : Math.floor((nowMs - backMs) / MINUTE_MS) * MINUTE_MS;
  return { caller, action, result, since, cursor, limit: SHOWN };
}
