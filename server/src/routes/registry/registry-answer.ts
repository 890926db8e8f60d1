import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenRights } from '#registry/tokens/token.ts';
import type { TokenServiceMeans } from '#registry/tokens/token-service.ts';
import { rightsOfToken } from '#registry/tokens/verified-tokens.ts';
import type { ApiError } from '#rpc/errors/api-error.ts';
import { noteReason } from '../refusal-lines.ts';

/** The header that names the call under which the record of calls has the decision. */
export const REQUEST_ID_HEADER = 'x-acs-request-id';

const LOOPBACK_HOST = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(?::\d{1,5})?$/;

/** How clients reach this port, and whose tokens it accepts. */
export interface RegistryDoor extends Pick<TokenServiceMeans<never>, 'key' | 'issuer' | 'service' | 'now'> {
  /** How clients reach this port, `https://build.example`; callers on loopback get the name that they used. */
  publicUrl(): string;
  /** Whether clients may call the registry by this host, which may have a port, besides the public URL's. */
  isOwnHost?(host: string): boolean;
}

/** Clients show only the message, so it contains the id of a recorded call too. */
export function sendError(
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
  noteReason(reply, `${code}: ${message}`);
  return reply.code(status).send({ errors: [error] });
}

/** Sends the API's refusal in the registry's error format. Clients retry after a 409, and show the message of a 403. */
export function sendApiError(reply: FastifyReply, error: ApiError): FastifyReply {
  const message = REGISTRY_WORDS[error.code]?.message ?? error.message;
  if (error.status === 503) {
    return sendError(reply.header('retry-after', '5'), 503, 'UNAVAILABLE', message);
  }
  const { status, code } = REGISTRY_WORDS[error.code] ?? { status: error.status, code: 'DENIED' };
  return sendError(reply, status, code, message);
}

/** Distribution has failed, which it only does if its storage has. Its log says why. */
export function sendAway(reply: FastifyReply): FastifyReply {
  const message = 'the storage of the registry cannot answer now; try again in a moment';
  return sendError(reply.header('retry-after', '5'), 503, 'UNAVAILABLE', message);
}

const REGISTRY_WORDS: Record<string, { status: number; code: string; message?: string }> = {
  REPO_NOT_EXIST: {
    status: 404,
    code: 'NAME_UNKNOWN',
    message: 'the repository does not exist; create it first (CreateRepository), then push again',
  },
  TAG_NOT_EXIST: { status: 404, code: 'MANIFEST_UNKNOWN', message: 'the repository has no such tag' },
  TAG_IMMUTABLE: { status: 403, code: 'DENIED' },
  IMAGE_IN_USE: { status: 403, code: 'DENIED' },
};

/** The token of a request. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** The content of a request's token; undefined without one, and if it is not ours or has expired. */
export async function rightsOf(request: FastifyRequest, door: RegistryDoor): Promise<TokenRights | undefined> {
  const token = bearerToken(request);
  return token === undefined ? undefined : rightsOfToken(door.key, token, door, door.now());
}

/** Distribution's reply to a request without a sufficient token: it names the token to fetch. */
export function challenge(
  request: FastifyRequest,
  reply: FastifyReply,
  door: RegistryDoor,
  repository: string,
  actions: string,
): FastifyReply {
  const realm = `${clientBaseUrl(request, door)}/token`;
  const scope = `repository:${repository}:${actions}`;
  reply.header('www-authenticate', `Bearer realm="${realm}",service="${door.service}",scope="${scope}"`);
  return sendError(reply, 401, 'UNAUTHORIZED', 'authentication required');
}

/**
 * The public name may not be reachable from the machine itself (a proxy in front, another network), and the runner and
 * the command line use loopback. A proxy that hides the client's host sends one of these headers.
 */
export function clientBaseUrl(request: FastifyRequest, door: Pick<RegistryDoor, 'publicUrl' | 'isOwnHost'>): string {
  const { host = '', forwarded, 'x-forwarded-for': forwardedFor, 'x-forwarded-host': forwardedHost } = request.headers;
  const isDirect = forwarded === undefined && forwardedFor === undefined && forwardedHost === undefined;
  // A customized domain is named in a certificate that serves it, so it is reached by TLS.
  const named = isDirect ? host : String(forwardedHost ?? host);
  if (door.isOwnHost?.(named)) return `https://${named}`;
  return isDirect && LOOPBACK_HOST.test(host) ? `${request.protocol}://${host}` : door.publicUrl().replace(/\/$/, '');
}
