import type { FastifyInstance } from 'fastify';
import { buildStatistics } from '#build/build-statistics.ts';
import { oneOf, readQuery } from './api-query.ts';
import { REPOSITORY_NAME } from './build-routes.ts';
import { allow, callerOf, getRepositoryNamed, type NativeApi } from './native-api.ts';

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
    allow(api, { request, principal }, 'cr:ListRepositoryBuild', `repository/${instanceId}/${query.repository ?? '*'}`);
    const repoId = query.repository && (await getRepositoryNamed(api, query.repository)).repoId;
    const { lengthMs, count } = PERIODS[query.period ?? 'day'];
    const lastStartMs = Math.floor(means.now() / lengthMs) * lengthMs;
    const buckets = await buildStatistics(means.db, { instanceId, repoId }, { lastStartMs, lengthMs, count });
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
