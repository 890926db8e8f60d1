import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IpRange } from '#address/ip-range.ts';
import { answerTokenRequest, type Signer, type TokenServiceMeans, WRONG_PAIR } from '#registry/tokens/token-service.ts';
import { type CallEnd, endedCalls } from '#rpc/call-channel.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { REQUEST_ID_HEADER, sendError } from './registry-answer.ts';

/** What answering `/token` needs. */
export interface RegistryTokenMeans<P> extends TokenServiceMeans<P> {
  /** The signer of a request that is signed like a call of the native API. Throws `ApiError`. */
  verifySigned(message: IncomingMessage): Promise<Signer<P>>;
  /** The proxies whose report of a client's address is trusted. */
  trustedProxies?: readonly IpRange[];
}

/** Answers who wants a token of the registry: a login, a signed request, or nobody known. */
export async function sendToken<P>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RegistryTokenMeans<P>,
): Promise<FastifyReply> {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  reply.header('cache-control', 'no-store').header(REQUEST_ID_HEADER, request.id);
  const signer = await signerOf(request, options);
  if (signer instanceof ApiError) return refuse(reply, 401, 'UNAUTHORIZED', refusalOf(signer));
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
    return refuse(reply, answer.status, 'TOOMANYREQUESTS', answer.message);
  }
  if (answer.status === 200) return reply.send(answer.body);
  if (answer.status === 401) reply.header('www-authenticate', `Basic realm="${options.service}"`);
  return refuse(reply, answer.status, answer.code, answer.message);
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const { id: requestId } = reply.request;
  endedCalls.publish({ api: 'registry', response: reply.raw, requestId, action: undefined, code } satisfies CallEnd);
  return sendError(reply, status, code, message, requestId);
}

/** Too many wrong passwords; any other error is thrown again. */
function throttled(error: unknown): ApiError {
  if (error instanceof ApiError && error.status === 429) return error;
  throw error;
}

/** The signer of the request; undefined if it is not signed, a refusal if the signature is wrong. */
async function signerOf<P>(
  request: FastifyRequest,
  options: RegistryTokenMeans<P>,
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
