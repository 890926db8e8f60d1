import { buildStatistics } from '#build/build-statistics-store.ts';
import { nativeOperation } from '../native-operation.ts';

const HOUR_MS = 3_600_000;
const PERIODS = {
  day: { lengthMs: HOUR_MS, count: 24 },
  week: { lengthMs: 6 * HOUR_MS, count: 28 },
  month: { lengthMs: 24 * HOUR_MS, count: 30 },
} as const;

/** `GET /builds/statistics`: results of builds over the last day, week or month. */
export default nativeOperation('getStatistics', async ({ db, instanceId, repoIds, now }, { period = 'day' }) => {
  const { lengthMs, count } = PERIODS[period];
  const lastStartMs = Math.floor(now() / lengthMs) * lengthMs;
  const buckets = await buildStatistics(db, { instanceId, repoIds }, { lastStartMs, lengthMs, count });
  return {
    BucketLength: lengthMs,
    Buckets: buckets.map((bucket) => ({
      StartTime: bucket.startMs,
      Succeeded: bucket.succeeded,
      Failed: bucket.failed,
      Cancelled: bucket.cancelled,
      MeanDuration: bucket.meanDurationMs,
      MeanWait: bucket.meanWaitMs,
    })),
  };
});
