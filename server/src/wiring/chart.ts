import type { FastifyInstance } from 'fastify';
import { CHART_PATH } from '#endpoint/endpoint.ts';
import { endpointGate } from '#endpoint/endpoint-gate.ts';
import { type ChartRoutesMeans, chartRoutes } from '#routes/charts/chart-routes.ts';
import type { Means } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import type { Verifier } from '#signature/verify-signature.ts';
import type { registryQuestions } from './registry.ts';

/** Serves chart repositories on the port, behind an endpoint and an allow-list of their own. */
export async function serveCharts(
  app: FastifyInstance,
  config: Pick<Config, 'networks' | 'trusted-proxies'>,
  {
    questions,
    means,
    verifier,
    ...where
  }: { questions: ReturnType<typeof registryQuestions>; means: Means; verifier: Verifier } & Pick<
    ChartRoutesMeans,
    'instanceId' | 'blobs'
  >,
): Promise<void> {
  await app.register(chartRoutes, {
    ...questions,
    ...where,
    prefix: CHART_PATH,
    means,
    callers: { ...means, verifier },
    endpointRefusal: endpointGate(means.db, where.instanceId, 'Chart', config.networks),
    trustedProxies: config['trusted-proxies'],
  });
}
