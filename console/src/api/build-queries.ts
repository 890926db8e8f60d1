import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { focusManager, queryOptions } from '@tanstack/react-query';
import type { BuildDetail, Card } from './build.ts';
import { isFinal } from './build.ts';
import { type BuildFilters, filterParams } from './build-filters.ts';
import { getNative, queryOf } from './native-api.ts';
import { unlessRefused } from './polling.ts';

const LIST_POLL_MS = 2000;
const SEARCH_POLL_MS = 15_000;
const BUILD_POLL_MS = 1000;
/** It looks at every repository. */
const FAILING_POLL_MS = 10_000;
const FAILING_LIMIT = 20;

/** A page of builds, newest first. The first page refreshes itself, less often if a search has to be repeated for it. */
export function buildListQuery(search: BuildFilters & { search?: string; cursor?: string; limit?: number }) {
  const { search: text, cursor, limit, ...filters } = search;
  const pollMs = text === undefined ? LIST_POLL_MS : SEARCH_POLL_MS;
  return queryOptions({
    queryKey: ['builds', search],
    queryFn: ({ signal }) => {
      const query = queryOf({ ...filterParams(filters, Date.now()), search: text, cursor, limit });
      return getNative<NativeCalls['listBuilds']['reply']>(`/builds${query}`, signal);
    },
    refetchInterval: ({ state }) => unlessRefused(state, cursor === undefined && pollMs),
    placeholderData: (before) => before,
  });
}

/** For each repository whose latest build failed, that build; newest first. */
export function failingQuery() {
  return queryOptions({
    queryKey: ['builds', 'failing'],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['listFailing']['reply']>(`/builds/failing${queryOf({ limit: FAILING_LIMIT })}`, signal),
    refetchInterval: ({ state }) => unlessRefused(state, FAILING_POLL_MS),
  });
}

/** A build, refreshed until it has ended and its log is sealed. */
export function buildQuery(id: string) {
  return queryOptions({
    queryKey: ['build', id],
    queryFn: ({ signal }) => getNative<BuildDetail>(`/builds/${id}`, signal),
    // Also while its tab is hidden: the tab's title and icon show the status, until that is final.
    refetchIntervalInBackground: true,
    refetchInterval: ({ state }) => unlessRefused(state, mayChange(state.data) ? BUILD_POLL_MS : false),
  });
}

/** Whether a build may look different soon. Once it is final, only its seal is awaited, by those who look at it. */
function mayChange(build: BuildDetail | undefined): boolean {
  if (build === undefined || !isFinal(build.Status)) return true;
  return !build.Seal && build.LineCount !== 0 && focusManager.isFocused();
}

/** A build as its log tells it, to someone who may read logs and nothing else. */
export function sealQuery(id: string) {
  return queryOptions({
    queryKey: ['build', id, 'seal'],
    queryFn: ({ signal }) => getNative<NativeCalls['getSeal']['reply']>(`/builds/${id}/log/seal`, signal),
    refetchInterval: ({ state }) =>
      unlessRefused(state, state.data === undefined || state.data.Sealed ? false : BUILD_POLL_MS),
  });
}

/** The steps of a build that have started. */
export function stepsQuery(id: string, ended: boolean) {
  return queryOptions({
    queryKey: ['build', id, 'steps', ended],
    queryFn: async ({ signal }) =>
      (await getNative<NativeCalls['listSteps']['reply']>(`/builds/${id}/steps`, signal)).Steps,
    refetchInterval: ({ state }) => unlessRefused(state, ended ? false : BUILD_POLL_MS),
    placeholderData: (before) => before,
  });
}

/** Where each stage and step is in the log. */
export function sectionsQuery(id: string, ended: boolean) {
  return queryOptions({
    queryKey: ['build', id, 'sections', ended],
    queryFn: async ({ signal }) =>
      (await getNative<NativeCalls['listSections']['reply']>(`/builds/${id}/log/sections`, signal)).Sections,
    refetchInterval: ({ state }) => unlessRefused(state, ended ? false : BUILD_POLL_MS),
    placeholderData: (before) => before,
  });
}

/** Why a build failed. */
export function cardQuery(id: string, enabled: boolean) {
  return queryOptions({
    queryKey: ['build', id, 'card'],
    queryFn: ({ signal }) => getNative<Card>(`/builds/${id}/card`, signal),
    enabled,
  });
}
