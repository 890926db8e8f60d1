import type { NativeCalls } from '@slipway/client/native.gen.ts';

/** Which builds a page shows; kept in the URL, so that a page can be shared as a link. Texts are as a person wrote them. */
export interface BuildFilters {
  repository?: string;
  status?: string;
  trigger?: string;
  branch?: string;
  author?: string;
  /** How long ago they were requested at most: `hour`, `day`, `week` or `month`. */
  within?: Within;
  /** Days, as in `2026-03-01`; `to` is included. */
  from?: string;
  to?: string;
}

/** Filters to change; those that are undefined or empty are taken away. */
export type FilterChanges = { readonly [Name in keyof BuildFilters]?: BuildFilters[Name] | undefined };

export type Within = keyof typeof WITHIN_MS;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WITHIN_MS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;
const TEXTS = ['repository', 'status', 'trigger', 'branch', 'author'] as const;

/** The filters in the search part of a URL; anything else is left out. */
export function filtersOf(search: Record<string, unknown>): BuildFilters {
  const filters: BuildFilters = {};
  for (const name of TEXTS) if (search[name] !== undefined && search[name] !== '') filters[name] = String(search[name]);
  if (Object.hasOwn(WITHIN_MS, String(search.within))) filters.within = search.within as Within;
  if (isDay(search.from)) filters.from = search.from;
  if (isDay(search.to)) filters.to = search.to;
  return filters;
}

/** What the URL says after a change. Other builds begin at their first page. */
export function changedSearch<Search extends object>(search: Search, changes: object): Search {
  const all = Object.entries({ ...search, ...changes, cursor: undefined });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== '')) as Search;
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

/** The parameters of the native API for filters, at a time. A day begins and ends by the reader's clock. */
export function filterParams(
  { within, from, to, ...texts }: BuildFilters,
  nowMs: number,
): Pick<NativeCalls['listBuilds']['params'], 'since' | 'until'> & Record<string, string | number | undefined> {
  const since = within !== undefined ? nowMs - WITHIN_MS[within] : from === undefined ? undefined : dayStart(from, 0);
  return { ...texts, since, until: to === undefined ? undefined : dayStart(to, 1) };
}

function dayStart(day: string, later: number): number | undefined {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const timeMs = new Date(year, month - 1, date + later).getTime();
  return Number.isNaN(timeMs) || timeMs < 0 ? undefined : timeMs;
}
