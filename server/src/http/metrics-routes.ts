import type { FastifyInstance } from 'fastify';
import { ApiError } from '#rpc/api-error.ts';
import type { Metrics } from './metrics.ts';

/**
 * `GET /metrics`, and the hooks that note what the routes answer. It tells no names: no repository, no caller, no build.
 * To be registered before the routes that it is to see.
 */
export function addMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    // A stream lasts as long as its build.
    if (routeOptions.url?.endsWith('/stream')) return;
    metrics.noteRequest({ method, route: routeOptions.url ?? 'unknown', status: reply.statusCode }, reply.elapsedTime);
  });
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof ApiError) metrics.noteRefusal(error.code);
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
