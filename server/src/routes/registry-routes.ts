import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readTokenRequestId, tellsDeniedPulls } from '#registry/tokens/token.ts';
import { isNamedRepositoryThere } from '#repository/deletion-store.ts';
import { type EndpointDoor, keepEndpointDoor } from './endpoint-door.ts';
import { bearerToken, clientBaseUrl, REQUEST_ID_HEADER, rightsOf, sendError } from './registry-answer.ts';
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

/** What the registry's routes need: the token service's questions, and where things are. */
export interface RegistryRoutesMeans<P> extends RegistryTokenMeans<P> {
  /** Where distribution listens now, `http://127.0.0.1:PORT`; asked for every request, so it may be restarted. */
  distributionUrl(): string;
  /** How clients reach this port, `https://build.example`; callers on loopback are answered under the name they used. */
  publicUrl(): string;
  images: RegistryImages;
  /** Who of the outside may come at all; everybody where it is not given. */
  endpointRefusal?: EndpointDoor['refusal'];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH'] as const;
const PULL_PATH = /^\/v2\/([^?#]+)\/(?:blobs|manifests|tags)\//;
const BLOB_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/sha256:/;
const UPLOAD_PATH = /^\/v2\/([\w.-]+\/[\w.-]+)\/blobs\/uploads\/[\w-]*$/;
/** Nothing in a registry's path needs an escape, and what has one would be another path to distribution than to the routes here. */
const PLAIN_PATH = /^[\w.:/-]*$/;
// The most a registry may take to answer after it has the whole of a request (a large blob is moved into place then).
const ANSWER_TIMEOUT_MS = 600_000;

/**
 * The registry on the one port: `/token`; manifests, tags and referrers, which our own tables know; and the rest of `/v2/…` handed
 * on to distribution without holding bodies in memory.
 */
export async function registryRoutes<P>(app: FastifyInstance, options: RegistryRoutesMeans<P>): Promise<void> {
  const { endpointRefusal: refusal, trustedProxies = [] } = options;
  app.addHook('onRequest', async (request, reply) => (isPlainPath(request.url) ? undefined : sendUnknown(reply)));
  if (refusal) keepEndpointDoor(app, { refusal, trustedProxies, now: () => options.now() });
  app.get('/token', async (request, reply) => sendToken(request, reply, options));
  app.delete('/v2/*', async (_request, reply) =>
    sendError(reply, 405, 'UNSUPPORTED', 'layers are not deleted: those that nothing uses go by themselves'),
  );
  app.register(async (scope) => registryManifests(scope, options));
  app.get<{ Params: ListParams }>('/v2/:namespace/:name/tags/list', async (request, reply) =>
    listing(request, reply, options, (name) => sendTagList(request, reply, options.images, name)),
  );
  app.get<{ Params: ListParams }>('/v2/:namespace/:name/referrers/:digest', async (request, reply) => {
    const { digest = '' } = request.params;
    return listing(request, reply, options, (name) => sendReferrers(request, reply, options.images, { name, digest }));
  });
  await app.register(httpProxy, {
    upstream: '',
    prefix: '/v2',
    rewritePrefix: '/v2',
    httpMethods: [...METHODS],
    disableRequestLogging: true,
    config: { streamsBody: true },
    destroyAgent: true,
    undici: { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS },
    preHandler: async (request, reply) => beforeForwarding(request, reply, options),
    handler: (request, reply, url, forwarding) => {
      const resolved = forwardedUrl(request);
      // Without the query that came, which it would get else.
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
        if (reply.statusCode === 416) refuseRange(reply as FastifyReply, stream);
        else reply.send(stream);
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

/** Answers a list to who may pull from its repository. */
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

/** Distribution says that its sentence is as long as the blob, and ends the connection in it. */
function refuseRange(reply: FastifyReply, body: Readable): void {
  body.on('error', () => undefined).resume();
  for (const header of ['content-length', 'content-type', 'cache-control', 'etag']) reply.removeHeader(header);
  sendError(reply, 416, 'RANGE_INVALID', 'the range lies beyond the blob');
}

// Distribution would only say "denied" to a token without the right: who holds it is told why, and who may push what is missing.
async function beforeForwarding<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
): Promise<FastifyReply | undefined> {
  const path = pathOf(request.url);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead) {
    await resolveBlob(request, options.images);
    return (
      (await refusePull(request, reply, options)) ??
      (await refuseLook(request, reply, options)) ??
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
  // A client that has gone while it waited is told nothing, and its push is over.
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

/** Who may push looks whether a layer is here before it leaves it out: from then on its push is open, so that nothing collects the layer. */
async function refuseLook<P>(
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

/** The decision came before anybody looked whether the repository exists, so that the refusal does not tell. */
async function refusePull<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesMeans<P>,
): Promise<FastifyReply | undefined> {
  const repository = PULL_PATH.exec(request.url)?.[1];
  const token = bearerToken(request);
  if (repository === undefined || token === undefined || !tellsDeniedPulls(token)) return undefined;
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
  // It is answered here, where the body is asked for.
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
  const answered = requestId === undefined ? headers : { ...headers, [REQUEST_ID_HEADER]: requestId };
  const challenge = headers['www-authenticate'];
  if (challenge === undefined || request === undefined) return answered;
  const realm = `${clientBaseUrl(request, options)}/token`;
  return { ...answered, 'www-authenticate': challenge.replace(/realm="[^"]*"/, `realm="${realm}"`) };
}
