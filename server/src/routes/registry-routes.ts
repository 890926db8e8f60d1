import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IpRange } from '#ram/ip-range.ts';
import { readTokenRequestId, readTokenRights, tellsDeniedPulls } from '#registry/tokens/token.ts';
import {
  answerTokenRequest,
  type Signer,
  type TokenServiceOptions,
  WRONG_PAIR,
} from '#registry/tokens/token-service.ts';
import { ApiError } from '#rpc/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { readTagListQuery, sendTagList } from './registry-tag-list.ts';

/** What the registry's routes need: the token service's questions, and where things are. */
export interface RegistryRoutesOptions<P> extends TokenServiceOptions<P> {
  /** Who signed a request, as a call of the native API is signed. Throws `ApiError`. */
  verifySigned(message: IncomingMessage): Promise<Signer<P>>;
  /** Where distribution listens now, `http://127.0.0.1:PORT`; asked for every request, so it may be restarted. */
  distributionUrl(): string;
  /** How clients reach this port, `https://build.example`; callers on loopback are answered under the name they used. */
  publicUrl(): string;
  /** Whose word on a client's address is believed. */
  trustedProxies?: readonly IpRange[];
}

/** Names the call under which the record of calls has what was decided. */
const REQUEST_ID_HEADER = 'x-acs-request-id';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH'] as const;
const PULL_PATH = /^\/v2\/([^?#]+)\/(?:blobs|manifests|tags)\//;
const PUSH_PATH = /^\/v2\/([^?#]+)\/(?:blobs\/uploads|manifests)\//;
const LOOPBACK_HOST = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(?::\d{1,5})?$/;
// The most a registry may take to answer after it has the whole of a request (a large blob is moved into place then).
const ANSWER_TIMEOUT_MS = 600_000;

/**
 * The registry on the one port: `/token`, and `/v2/…` handed on to distribution without holding bodies in memory.
 * Nothing is deleted through it: DELETE answers 405.
 */
export async function registryRoutes<P>(app: FastifyInstance, options: RegistryRoutesOptions<P>): Promise<void> {
  app.get('/token', async (request, reply) => sendToken(request, reply, options));
  app.delete('/v2/*', async (_request, reply) =>
    sendError(
      reply,
      405,
      'UNSUPPORTED',
      'images are deleted through the API (DeleteRepoTag), not through the registry',
    ),
  );
  await app.register(httpProxy, {
    upstream: '',
    prefix: '/v2',
    rewritePrefix: '/v2',
    httpMethods: [...METHODS],
    disableRequestLogging: true,
    config: { streamsBody: true },
    destroyAgent: true,
    undici: { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS },
    preHandler: async (request, reply) => refuseByToken(request, reply, options),
    replyOptions: {
      getUpstream: () => options.distributionUrl(),
      rewriteRequestHeaders: (request, headers) => forwardedHeaders(request as FastifyRequest, headers, options),
      rewriteHeaders: (headers, request) => answerHeaders(headers, request as FastifyRequest | undefined, options),
      onResponse: (request, reply, answer) =>
        passAnswer(
          request as FastifyRequest,
          reply as FastifyReply,
          (answer as unknown as { stream: Readable }).stream,
        ),
      onError: (reply, { error }) => {
        reply.log.error({ err: error }, 'registry does not answer');
        sendError(reply as FastifyReply, 502, 'UNAVAILABLE', 'the registry does not answer; try again in a moment');
      },
    },
  });
}

/** Hands the body of an answer on, but a list of tags in pages. */
function passAnswer(request: FastifyRequest, reply: FastifyReply, body: Readable): void {
  const query = readTagListQuery(request);
  if (query === undefined || reply.statusCode !== 200) return void reply.send(body);
  if (typeof query === 'string') {
    body.resume();
    reply.removeHeader('content-length');
    sendError(reply, 400, 'PAGINATION_NUMBER_INVALID', query);
    return;
  }
  sendTagList(request, reply, query, body).catch((error: unknown) => {
    reply.log.error({ err: error }, 'a list of tags could not be read');
    sendError(reply, 502, 'UNAVAILABLE', 'the registry does not answer; try again in a moment');
  });
}

async function sendToken<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesOptions<P>,
): Promise<FastifyReply> {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  reply.header('cache-control', 'no-store').header(REQUEST_ID_HEADER, request.id);
  const signer = await signerOf(request, options);
  if (signer instanceof ApiError) return sendError(reply, 401, 'UNAUTHORIZED', refusalOf(signer), request.id);
  const asked = {
    requestId: request.id,
    origin: callOrigin(request.raw, options.trustedProxies),
    authorization: request.headers.authorization,
    signer,
    service: parameters.get('service') ?? undefined,
    scopes: parameters.getAll('scope'),
  };
  const answer = await answerTokenRequest(asked, options).catch(throttled);
  if (answer instanceof ApiError) {
    reply.header('retry-after', Math.ceil((answer.retryAfterMs ?? 0) / 1000));
    return sendError(reply, answer.status, 'TOOMANYREQUESTS', answer.message, request.id);
  }
  if (answer.status === 200) return reply.send(answer.body);
  if (answer.status === 401) reply.header('www-authenticate', `Basic realm="${options.service}"`);
  return sendError(reply, answer.status, answer.code, answer.message, request.id);
}

/** Too many wrong passwords; anything else is thrown on. */
function throttled(error: unknown): ApiError {
  if (error instanceof ApiError && error.status === 429) return error;
  throw error;
}

/** Who signed the request; undefined where it is not signed, the refusal where the signature is not good. */
async function signerOf<P>(
  request: FastifyRequest,
  options: RegistryRoutesOptions<P>,
): Promise<Signer<P> | ApiError | undefined> {
  const { authorization = '' } = request.headers;
  if (!authorization.startsWith('ACS3-')) return undefined;
  try {
    return await options.verifySigned(request.raw);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const user = /\bCredential=([^,\s]+)/.exec(authorization)?.[1] ?? '';
    const origin = callOrigin(request.raw, options.trustedProxies);
    options.noteLogin?.({ requestId: request.id, principal: undefined, user, origin });
    return error;
  }
}

function refusalOf({ code, message }: ApiError): string {
  return /^(InvalidAccessKeyId\.NotFound|SignatureDoesNotMatch)$/.test(code) ? WRONG_PAIR : `${code}: ${message}`;
}

// Distribution would only say "denied" to a token without the right: who holds it is told why, and who may push what is missing.
async function refuseByToken<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesOptions<P>,
): Promise<FastifyReply | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return refusePull(request, reply, options);
  const repository = PUSH_PATH.exec(request.url)?.[1];
  if (repository === undefined) return undefined;
  const token = bearerToken(request);
  const told = token === undefined ? undefined : await readTokenRights(options.key, token, options, options.now());
  // Distribution would take the body before it refuses; who waits to be asked for it is told without.
  const waits = request.headers.expect !== undefined && !told?.allowed.includes(repository);
  if (told === undefined) return waits ? challenge(request, reply, options, repository) : undefined;
  const { missing, denied, requestId } = told;
  if (requestId !== '') reply.header(REQUEST_ID_HEADER, requestId);
  if (denied.push.includes(repository)) return sendDenied(reply, options, 'cr:PushRepository', repository, requestId);
  if (!missing.includes(repository)) return waits ? challenge(request, reply, options, repository) : undefined;
  const message = `repository ${repository} does not exist; create it first (CreateRepository), then push again`;
  return sendError(reply, 404, 'NAME_UNKNOWN', message);
}

/** The decision came before anybody looked whether the repository exists, so that the refusal does not tell. */
async function refusePull<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesOptions<P>,
): Promise<FastifyReply | undefined> {
  const repository = PULL_PATH.exec(request.url)?.[1];
  const token = bearerToken(request);
  if (repository === undefined || token === undefined || !tellsDeniedPulls(token)) return undefined;
  const told = await readTokenRights(options.key, token, options, options.now());
  if (!told?.denied.pull.includes(repository)) return undefined;
  if (told.requestId !== '') reply.header(REQUEST_ID_HEADER, told.requestId);
  return sendDenied(reply, options, 'cr:PullRepository', repository, told.requestId);
}

function sendDenied<P>(
  reply: FastifyReply,
  options: RegistryRoutesOptions<P>,
  action: string,
  repository: string,
  requestId: string,
): FastifyReply {
  const [namespace = '', name = ''] = repository.split('/');
  const resource = options.repositoryArn(namespace, name);
  return sendError(reply, 403, 'DENIED', `no policy allows ${action} on ${resource}, or one denies it`, requestId);
}

/** The answer of distribution to a push without a token for it. */
function challenge<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryRoutesOptions<P>,
  repository: string,
): FastifyReply {
  const realm = `${clientBaseUrl(request, options)}/token`;
  const scope = `repository:${repository}:pull,push`;
  reply.header('www-authenticate', `Bearer realm="${realm}",service="${options.service}",scope="${scope}"`);
  return sendError(reply, 401, 'UNAUTHORIZED', 'authentication required');
}

function forwardedHeaders<P>(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  options: RegistryRoutesOptions<P>,
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
  options: RegistryRoutesOptions<P>,
): H {
  const token = request && bearerToken(request);
  const requestId = token === undefined ? undefined : readTokenRequestId(token);
  const answered = requestId === undefined ? headers : { ...headers, [REQUEST_ID_HEADER]: requestId };
  const challenge = headers['www-authenticate'];
  if (challenge === undefined || request === undefined) return answered;
  const realm = `${clientBaseUrl(request, options)}/token`;
  return { ...answered, 'www-authenticate': challenge.replace(/realm="[^"]*"/, `realm="${realm}"`) };
}

// The public name may not be reachable from the machine itself (a proxy in front, another network), and the runner and
// the command line use loopback. A proxy that hides the client's host names itself by one of these headers.
function clientBaseUrl<P>(request: FastifyRequest, options: RegistryRoutesOptions<P>): string {
  const { host = '', forwarded, 'x-forwarded-for': forwardedFor, 'x-forwarded-host': forwardedHost } = request.headers;
  const isDirect = forwarded === undefined && forwardedFor === undefined && forwardedHost === undefined;
  return isDirect && LOOPBACK_HOST.test(host)
    ? `${request.protocol}://${host}`
    : options.publicUrl().replace(/\/$/, '');
}

function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Clients show the message alone: the id of a call that the record has stands there too. */
function sendError(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  requestId?: string,
): FastifyReply {
  const error =
    requestId === undefined
      ? { code, message, detail: null }
      : { code, message: `${message} (RequestId ${requestId})`, detail: { RequestId: requestId } };
  return reply.code(status).send({ errors: [error] });
}
