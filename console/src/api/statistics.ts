import { queryOptions } from '@tanstack/react-query';
import { getNative, queryOf } from './native-api.ts';

export type Period = 'day' | 'week' | 'month';

/** The builds that were asked for within one stretch of time. Times and lengths in ms; what no build tells is absent. */
export interface Bucket {
  StartTime: number;
  Succeeded: number;
  Failed: number;
  Cancelled: number;
  MeanDuration?: number;
  MeanWait?: number;
}

export interface Statistics {
  BucketLength: number;
  Buckets: Bucket[];
}

const POLL_MS = 15_000;

/** How builds went over time. */
export function statisticsQuery(period: Period, repository?: string) {
  return queryOptions({
    queryKey: ['statistics', period, repository],
    queryFn: ({ signal }) => getNative<Statistics>(`/builds/statistics${queryOf({ period, repository })}`, signal),
    refetchInterval: POLL_MS,
    placeholderData: (before) => before,
  });
}
