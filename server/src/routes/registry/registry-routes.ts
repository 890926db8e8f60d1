import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { handlePassing } from '#port/passing-fault.ts';
import { hasDeniedPulls, readTokenRequestId } from '#registry/tokens/token.ts';
import { isNamedRepositoryThere } from '#repository/deletion-store.ts';
import { type EndpointCheck, requireEndpoint } from '../endpoint-check.ts';
import { writeRefusals } from '../refusal-lines.ts';
import { ManifestCache } from './manifest-cache.ts';
import { refuseOtherImage } from './one-image.ts';
import {
  bearerToken,
  clientBaseUrl,
  REQUEST_ID_HEADER,
  rightsOf,
  sendApiError,
  sendAway,
  sendError,
} from './registry-answer.ts';
import { sendBlob } from './registry-blob.ts';
import {
  forwardedUrl,
  notePull,
  type RegistryImages,
  resolveBlob,
  resolveMount,
  resolvePull,
} from './registry-images.ts';
import { registryManifests } from './registry-manifests.ts';
import { authorizedFor, sendDenied } from './registry-rights.ts';
import { sendReferrers, sendTagList } from './registry-tag-list.ts';
import { type RegistryTokenMeans, sendToken } from './registry-token.ts';
import { refuseMisplacedChunk } from './upload-range.ts';

/** What the registry's routes need: the token service's questions, and the addresses. */
export interface RegistryRoutesMeans<P> extends RegistryTokenMeans<P> {
  /** Distribution's current address, `http://127.0.0.1:PORT`; read for every request, so it may be restarted. */
  distributionUrl(): string;
  /** How clients reach this port, `https://build.example`; callers on loopback get the name that they used. */
  publicUrl(): string;
  isOwnHost?(host: string): boolean;
  images: RegistryImages;
  /** Which outside clients may use the registry at all; everyone if it is absent. */
  endpointRefusal?: EndpointCheck['refusal'];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH'] as const;
const PULL_PATH = /^\/v2\/([^?#]+)\/(?:blobs|manifests|tags)\//;
const BLOB_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/(sha256:[0-9a-f]{64})$/;
const UPLOAD_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/uploads\/[\w-]*$/;
/**
 * No path of a registry needs an escape, and distribution and the routes here would read a path with one differently.
 */
const PLAIN_PATH = /^[\w.:/-]*$/;
// How long the registry may take to answer after it has the whole request (a large blob is moved into place then).
const ANSWER_TIMEOUT_MS = 600_000;

/**
 * The registry on the shared port: `/token`; manifests, tags and referrers, which our own tables have; and the rest of
 * `/v2/…`, forwarded to distribution without holding bodies in memory.
 */
export async function registryRoutes<P>(app: FastifyInstance, options: RegistryRoutesMeans<P>): Promise<void> {
  const { endpointRefusal: refusal, trustedProxies = [] } = options;
  writeRefusals(app, 'registry request', trustedProxies);
  app.setErrorHandler(handlePassing(sendApiError));
  app.addHook('onRequest', async (request, reply) => (isPlainPath(request.url) ? undefined : sendUnknown(reply)));
  app.addHook('onRequest', async (request, reply) => refuseOtherImage(request, reply, options.images));
  if (refusal) requireEndpoint(app, { refusal, trustedProxies });
  app.get('/token', async (request, reply) => sendToken(request, reply, options));
  app.delete('/v2/*', async (_request, reply) =>
    sendError(reply, 405, 'UNSUPPORTED', 'layers cannot be deleted; those that nothing uses are removed automatically'),
  );
  app.register(async (scope) => registryManifests(scope, options));
  app.get<{ Params: ListParams }>('/v2/:namespace/:name/tags/list', async (request, reply) =>
    listing(request, reply, options, (name) => sendTagList(request, reply, options.images, name)),
  );
  app.get<{ Params: ListParams }>('/v2/:namespace/:name/referrers/:digest', async (request, reply) => {
    const { digest = '' } = request.params;
    return listing(request, reply, options, (name) => sendReferrers(request, reply, options.images, { name, digest }));
  });
  const manifests = new ManifestCache(options.images.child);
  await app.register(httpProxy, {
    upstream: '',
    prefix: '/v2',
    rewritePrefix: '/v2',
    httpMethods: [...METHODS],
    disableRequestLogging: true,
    config: { streamsBody: true },
    destroyAgent: true,
    undici: { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS },
    preHandler: async (request, reply) => beforeForwarding(request, reply, { ...options, manifests }),
    handler: (request, reply, url, forwarding) => {
      const resolved = forwardedUrl(request);
      // Without the original query, which it would get otherwise.
      return resolved === undefined
        ? reply.from(url, forwarding)
        : reply.from(resolved, { ...forwarding, queryString: {} });
    },
    replyOptions: {
      getUpstream: () => options.distributionUrl(),
      rewriteRequestHeaders: (request, headers) => forwardedHeaders(request as FastifyRequest, headers, options),
      rewriteHeaders: (headers, request) => answerHeaders(headers, request as FastifyRequest | undefined, options),
      onResponse: (request, reply, answer) => {
        notePull(request as FastifyRequest, reply.statusCode, options.images);
        const { stream } = answer as unknown as { stream: Readable };
        if (reply.statusCode < 500) return void reply.send(stream);
        stream.resume();
        reply.removeHeader('content-length').removeHeader('content-encoding');
        sendAway(reply as FastifyReply);
      },
      onError: (reply, { error }) => {
        reply.log.error({ err: error }, 'registry does not answer');
        sendError(reply as FastifyReply, 502, 'UNAVAILABLE', 'the registry does not answer; try again in a moment');
      },
    },
  });
}

interface ListParams {
  namespace: string;
  name: string;
  digest?: string;
}

/** Sends a list to callers that may pull from its repository. */
async function listing<P>(
  request: FastifyRequest<{ Params: ListParams }>,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
  send: (repository: string) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const repository = `${request.params.namespace}/${request.params.name}`;
  const refusal = await authorizedFor(request, reply, options, repository, 'pull');
  return refusal.reply ?? send(repository);
}

// Distribution would only say "denied" to a token without the right. Its holder learns why, and a holder that may push
// learns what is missing.
async function beforeForwarding<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P> & { manifests: ManifestCache },
): Promise<FastifyReply | undefined> {
  const path = pathOf(request.url);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead) {
    await resolveBlob(request, options.images);
    return (
      (await refusePull(request, reply, options)) ??
      (await refuseDuringCollection(request, reply, options)) ??
      (await pullBlob(request, reply, options)) ??
      resolvePull(request, reply, options)
    );
  }
  const repository = UPLOAD_PATH.exec(path)?.[1];
  if (repository === undefined) return sendUnknown(reply);
  const refusal = await authorizedFor(request, reply, options, repository, 'push');
  if (refusal.reply !== undefined) return refusal.reply;
  const { db, instanceId } = options.images;
  if (!(await isNamedRepositoryThere(db, instanceId, repository)))
    return sendError(reply, 404, 'NAME_UNKNOWN', `the repository ${repository} does not exist`);
  await resolveMount(request, options.images);
  const misplaced = await refuseMisplacedChunk(request, reply, options.distributionUrl());
  if (misplaced !== undefined) return misplaced;
  const leave = await options.images.gate.enter(repository, request.method === 'POST');
  if (leave === undefined) return sendCollecting(reply);
  // A client that left while it waited gets no reply, and its push is over.
  if (reply.raw.closed) {
    leave();
    return reply.hijack();
  }
  reply.raw.once('close', leave);
  return undefined;
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]?.replace(/%3a/gi, ':') ?? '';
}

function isPlainPath(url: string): boolean {
  const path = pathOf(url);
  return PLAIN_PATH.test(path) && !path.includes('/.') && !path.includes('//');
}

/**
 * Sends a layer itself. That takes half the processor time of forwarding it, and distribution fails to read a layer that
 * somebody pushes to the same repository at the same time.
 */
async function pullBlob<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
): Promise<FastifyReply | undefined> {
  const [, repository, digest] = BLOB_PATH.exec(pathOf(request.url)) ?? [];
  if (repository === undefined || digest === undefined) return undefined;
  // Of a repository that is being deleted, distribution is asked for a blob that does not exist.
  if (forwardedUrl(request) !== undefined) return undefined;
  const refusal = await authorizedFor(request, reply, options, repository, 'pull');
  if (refusal.reply !== undefined) return refusal.reply;
  const layer = await options.images.storage.openBlob(repository, digest);
  return layer && sendBlob(reply, layer, digest);
}

/**
 * A client that may push checks whether a layer exists before it skips its upload. From then on its push is open, so
 * that no collection removes the layer.
 */
async function refuseDuringCollection<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
): Promise<FastifyReply | undefined> {
  const repository = request.method === 'HEAD' ? BLOB_PATH.exec(pathOf(request.url))?.[1] : undefined;
  if (repository === undefined) return undefined;
  const rights = await rightsOf(request, options);
  if (!rights?.allowed.get(repository)?.includes('push')) return undefined;
  const leave = await options.images.gate.enter(repository, true);
  leave?.();
  return leave === undefined ? sendCollecting(reply) : undefined;
}

function sendUnknown(reply: FastifyReply): FastifyReply {
  return sendError(reply, 404, 'NAME_UNKNOWN', 'the registry has no such path; a repository is NAMESPACE/NAME');
}

function sendCollecting(reply: FastifyReply): FastifyReply {
  const message = 'the registry removes layers that nothing uses at this moment; push again in a moment';
  return sendError(reply.header('retry-after', '10'), 503, 'UNAVAILABLE', message);
}

/** The decision was made before the repository was looked up, so the refusal does not reveal whether it exists. */
async function refusePull<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
): Promise<FastifyReply | undefined> {
  const repository = PULL_PATH.exec(request.url)?.[1];
  const token = bearerToken(request);
  if (repository === undefined || token === undefined || !hasDeniedPulls(token)) return undefined;
  const told = await rightsOf(request, options);
  if (!told?.denied.pull.includes(repository)) return undefined;
  if (told.requestId !== '') reply.header(REQUEST_ID_HEADER, told.requestId);
  return sendDenied(reply, options, 'pull', repository, told.requestId);
}

function forwardedHeaders<P>(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  options: RegistryRoutesMeans<P>,
): IncomingHttpHeaders {
  const base = new URL(clientBaseUrl(request, options));
  const forwarded: IncomingHttpHeaders = {
    ...headers,
    host: base.host,
    'x-forwarded-host': base.host,
    'x-forwarded-proto': base.protocol.slice(0, -1),
    'x-forwarded-for': request.ip,
  };
  delete forwarded.forwarded;
  // The reply is sent here, because the body is requested here.
  delete forwarded.expect;
  return forwarded;
}

function answerHeaders<P, H extends IncomingHttpHeaders>(
  headers: H,
  request: FastifyRequest | undefined,
  options: RegistryRoutesMeans<P>,
): H {
  const token = request && bearerToken(request);
  const requestId = token === undefined ? undefined : readTokenRequestId(token);
  const answered = { ...headers, ...(requestId === undefined ? {} : { [REQUEST_ID_HEADER]: requestId }) };
  // It is about the connection to distribution, which ends after each HEAD. The client's stays open.
  delete answered.connection;
  const challenge = headers['www-authenticate'];
  if (challenge === undefined || request === undefined) return answered;
  const realm = `${clientBaseUrl(request, options)}/token`;
  return { ...answered, 'www-authenticate': challenge.replace(/realm="[^"]*"/, `realm="${realm}"`) };
}
