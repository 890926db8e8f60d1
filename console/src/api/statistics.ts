import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { getNative, queryOf } from './native-api.ts';
import { unlessRefused } from './polling.ts';

export type Period = 'day' | 'week' | 'month';

export type { Bucket } from '@slipway/client/native.gen.ts';
export type Statistics = NativeCalls['getStatistics']['reply'];

const POLL_MS = 15_000;

/** Success, duration and waiting time of builds over time. */
export function statisticsQuery(period: Period, repository?: string) {
  return queryOptions({
    queryKey: ['statistics', period, repository],
    queryFn: ({ signal }) => getNative<Statistics>(`/builds/statistics${queryOf({ period, repository })}`, signal),
    refetchInterval: ({ state }) => unlessRefused(state, POLL_MS),
    placeholderData: (before) => before,
  });
}
