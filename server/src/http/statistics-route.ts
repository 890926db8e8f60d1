import type { FastifyInstance } from 'fastify';
import { buildStatistics } from '#build/build-statistics.ts';
import { oneOf, readQuery } from './api-query.ts';
import { REPOSITORY_NAME } from './build-routes.ts';
import { listableRepositories } from './listable-repositories.ts';
import { callerOf, type NativeApi } from './native-api.ts';

const HOUR_MS = 3_600_000;
const PERIODS = {
  day: { lengthMs: HOUR_MS, count: 24 },
  week: { lengthMs: 6 * HOUR_MS, count: 28 },
  month: { lengthMs: 24 * HOUR_MS, count: 30 },
} as const;

/** `GET /builds/statistics`: how builds went over the last day, week or month. */
export async function statisticsRoute(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, instanceId } = api;
  app.get('/builds/statistics', async (request) => {
    const principal = await callerOf(api, request);
    const query = readQuery(request, { period: oneOf('day', 'week', 'month'), repository: REPOSITORY_NAME });
    const call = { request, principal };
    const repoIds = await listableRepositories(api, call, 'cr:ListRepositoryBuild', query.repository);
    const { lengthMs, count } = PERIODS[query.period ?? 'day'];
    const lastStartMs = Math.floor(means.now() / lengthMs) * lengthMs;
    const buckets = await buildStatistics(means.db, { instanceId, repoIds }, { lastStartMs, lengthMs, count });
    return {
      RequestId: request.id,
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
}
