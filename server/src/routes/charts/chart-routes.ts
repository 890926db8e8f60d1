import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IpRange } from '#address/ip-range.ts';
import type { BlobStore } from '#blob/blob.ts';
import { PACKAGE_LIMIT_BYTES } from '#chart/chart.ts';
import { ChartIndexes } from '#chart/chart-index.ts';
import { getReleaseFile, removeChartRelease } from '#chart/chart-release-store.ts';
import { getChartRepository } from '#chart/chart-repository-store.ts';
import { chartReleaseNotFound, chartRepositoryNotFound } from '#chart/errors.ts';
import { chartTooLarge, ensureChartRepository, pushChart, pushProvenance } from '#chart/push-chart.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { replyError } from '#rpc/errors/reply-error.ts';
import { type EndpointCheck, requireEndpoint } from '../endpoint-check.ts';
import { noteReason, noteRecorded, writeRefusals } from '../refusal-lines.ts';
import { authorizeChart, type ChartDoor, checkSent } from './chart-login.ts';
import { FormMistake, parseMultipart } from './multipart.ts';

/** What the routes of chart repositories need: access decisions, and the charts. */
export interface ChartRoutesMeans extends ChartDoor {
  readonly means: Pick<Means, 'db' | 'now' | 'newId' | 'quotas' | 'removeObjects'>;
  readonly instanceId: string;
  readonly blobs: BlobStore;
  /** Which outside clients may use them at all; everyone if it is absent. */
  readonly endpointRefusal?: EndpointCheck['refusal'];
  readonly trustedProxies?: readonly IpRange[];
}

/** The parts of a chart repository's path. */
interface Places {
  namespace: string;
  name: string;
}

/** The room for everything but the archive: the headers of a form, and a provenance. */
const FORM_BYTES = 256 * 1024;
const PROVENANCE_END = '.prov';

/**
 * Chart repositories in the protocol of Helm and its push plugin, which is that of ChartMuseum with two levels: index
 * and archives below `CHART_PATH`, changes below `CHART_PATH/api`. Errors are `{"error": …}`, which the plugin prints.
 */
export async function chartRoutes(app: FastifyInstance, options: ChartRoutesMeans): Promise<void> {
  const { means, instanceId, blobs, endpointRefusal: refusal, trustedProxies = [] } = options;
  const indexes = new ChartIndexes(means.db);
  const callers = new WeakMap<FastifyRequest, string>();
  const repositoryOf = ({ params: { namespace, name } }: FastifyRequest<{ Params: Places }>) =>
    getChartRepository(means.db, instanceId, namespace, name);
  const ensured = ({ params: { namespace, name } }: FastifyRequest<{ Params: Places }>) =>
    ensureChartRepository(means, instanceId, namespace, name);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(sendChartError);
  app.setNotFoundHandler((request, reply) => sendChartError(chartRepositoryNotFound(), request, reply));
  writeRefusals(app, 'chart request', trustedProxies);
  if (refusal) requireEndpoint(app, { refusal, trustedProxies });
  // Before a body is read.
  app.addHook('onRequest', async (request, reply) => {
    callers.set(request, await authorizeChart(request, reply, options));
  });

  app.get<{ Params: Places }>('/:namespace/:name/index.yaml', async (request, reply) => {
    const repository = await repositoryOf(request);
    const etag = indexes.etag(repository);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/x-yaml').send(await indexes.read(repository));
  });

  app.get<{ Params: Places & { file: string } }>('/:namespace/:name/charts/:file', async (request, reply) => {
    const { repoId } = await repositoryOf(request);
    const { file } = request.params;
    const isProvenance = file.endsWith(PROVENANCE_END);
    const archive = isProvenance ? file.slice(0, -PROVENANCE_END.length) : file;
    const { objectKey, sha256, sizeBytes, provenance } = await getReleaseFile(means.db, repoId, archive);
    if (!isProvenance) {
      reply.header('etag', `"${sha256}"`).header('content-length', sizeBytes).type('application/gzip');
      return reply.send(await blobs.get(objectKey));
    }
    if (provenance === undefined) throw chartReleaseNotFound();
    return reply.type('application/pgp-signature').send(provenance);
  });

  app.post<{ Params: Places; Querystring: { force?: string } }>(
    '/api/:namespace/:name/charts',
    { bodyLimit: PACKAGE_LIMIT_BYTES + FORM_BYTES },
    async (request, reply) => {
      await checkSent(request, options, bodyOf(request));
      const repository = await ensured(request);
      const form = formOf(request);
      const archive = form ? partOf(form, 'chart') : bodyOf(request);
      const mayReplace = !['false', undefined].includes(request.query.force);
      const by = callers.get(request) ?? '';
      const chart = { archive, provenance: form?.get('prov'), mayReplace, by };
      await pushChart({ ...means, blobs }, repository, chart);
      return reply.code(201).send({ saved: true });
    },
  );

  app.post<{ Params: Places }>('/api/:namespace/:name/prov', { bodyLimit: FORM_BYTES }, async (request, reply) => {
    await checkSent(request, options, bodyOf(request));
    const repository = await repositoryOf(request);
    const form = formOf(request);
    await pushProvenance(means.db, repository, form ? partOf(form, 'prov') : bodyOf(request));
    return reply.code(201).send({ saved: true });
  });

  app.delete<{ Params: Places & { chart: string; version: string } }>(
    '/api/:namespace/:name/charts/:chart/:version',
    async (request, reply) => {
      const { repoId } = await repositoryOf(request);
      const { chart, version } = request.params;
      await means.removeObjects(await removeChartRelease(means.db, repoId, { chart, version }, means.now()));
      return reply.send({ deleted: true });
    },
  );
}

function formOf(request: FastifyRequest): Map<string, Buffer> | undefined {
  try {
    return parseMultipart(bodyOf(request), request.headers['content-type'] ?? '');
  } catch (error) {
    if (error instanceof FormMistake)
      throw new ApiError('InvalidParameter', 400, `The form cannot be read: ${error.message}.`);
    throw error;
  }
}

function partOf(form: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const part = form.get(name);
  if (part === undefined) throw new ApiError('MissingParameter', 400, `The form has no part with the name "${name}".`);
  return part;
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function sendChartError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  const isOfFastify = !(error instanceof ApiError) && statusCode < 500;
  const refusal = statusCode === 413 ? chartTooLarge() : new ApiError('InvalidParameter', statusCode, message);
  const { answer, fault } = replyError(isOfFastify ? refusal : error);
  if (fault !== undefined) request.log.error({ err: fault }, 'a request to a chart repository failed');
  const { retryAfterMs, status } = answer;
  noteReason(reply, answer.message);
  if (answer.code === 'NoPrivilege') noteRecorded(reply);
  if (status === 429 || status === 503)
    reply.header('retry-after', String(Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000))));
  return reply.code(status).send({ error: answer.message });
}
