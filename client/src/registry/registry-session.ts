import { type Credentials, signAcs3 } from '../sign-acs3.ts';
import { RegistryRequestError, registryRequestErrorOf } from './registry-request-error.ts';

/** The registry and the caller. */
export interface RegistryLogin extends Credentials {
  /** `http://HOST:PORT`; the registry answers under `/v2/`. */
  endpoint: string;
  /** Called before each request; if it throws, the request is not sent. */
  beforeSend?: () => void;
}

/** Sends requests for one repository, and fetches and renews its token as needed. */
export interface RegistrySession {
  /** `path` starts with `/v2/`, or is a Location that the registry gave. Returns answers of any status. */
  send(method: string, path: string, options?: RegistryRequest): Promise<Response>;
}

/** Headers and body of one request; a body can be read only once. */
export interface RegistryRequest {
  headers?: Record<string, string>;
  body?: Uint8Array | AsyncIterable<Uint8Array>;
}

const TOKEN_RESERVE_MS = 30_000;

/**
 * Opens a session with the token flow of distribution (docs/spec/auth/token.md): the registry names its token service,
 * and a signed request asks that for a token. The secret of the key pair is never sent, and a signature goes only to
 * the endpoint's own host, or over https. Throws RegistryRequestError if the key pair is refused or nothing answers.
 */
export async function openRegistrySession(
  login: RegistryLogin,
  scope: string,
  signal?: AbortSignal,
): Promise<RegistrySession> {
  const challenge = await readChallenge(login, signal);
  let token = '';
  let renewAtMs = 0;
  return {
    async send(method, path, { headers = {}, body } = {}) {
      if (challenge && Date.now() >= renewAtMs) {
        const fresh = await fetchToken(login, challenge, scope, signal);
        token = fresh.token;
        renewAtMs = Date.now() + fresh.lifeMs - TOKEN_RESERVE_MS;
      }
      const url = new URL(path, login.endpoint);
      if (url.origin !== new URL(login.endpoint).origin) {
        throw new RegistryRequestError(
          0,
          '',
          `${method} ${path}: the registry sends uploads to another host, ${url.host}`,
        );
      }
      login.beforeSend?.();
      const authorization = challenge ? { authorization: `Bearer ${token}` } : {};
      return fetchOrThrow(url, { method, headers: { ...headers, ...authorization }, redirect: 'manual' }, body, signal);
    },
  };
}

interface Challenge {
  realm: URL;
  service: string;
}

async function readChallenge(login: RegistryLogin, signal?: AbortSignal): Promise<Challenge | undefined> {
  const answer = await fetchOrThrow(new URL('/v2/', login.endpoint), { method: 'GET' }, undefined, signal);
  await answer.arrayBuffer();
  if (answer.ok) return undefined;
  const header = answer.headers.get('www-authenticate') ?? '';
  const realm = /^Bearer\b.*?\brealm="([^"]*)"/i.exec(header)?.[1];
  if (answer.status !== 401 || realm === undefined) {
    throw new RegistryRequestError(
      answer.status,
      '',
      `${login.endpoint} is not a registry (HTTP ${answer.status} on /v2/)`,
    );
  }
  const url = new URL(realm, login.endpoint);
  if (url.host !== new URL(login.endpoint).host && url.protocol !== 'https:') {
    const advice = `use the endpoint ${url.origin}`;
    throw new RegistryRequestError(
      0,
      '',
      `${login.endpoint} asks for a login over plain HTTP at ${url.host}; ${advice}`,
    );
  }
  return { realm: url, service: /\bservice="([^"]*)"/i.exec(header)?.[1] ?? '' };
}

async function fetchToken(
  login: RegistryLogin,
  challenge: Challenge,
  scope: string,
  signal?: AbortSignal,
): Promise<{ token: string; lifeMs: number }> {
  const url = new URL(challenge.realm);
  url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', scope);
  const { headers } = await signAcs3({ method: 'GET', url }, login);
  login.beforeSend?.();
  const answer = await fetchOrThrow(url, { method: 'GET', headers, redirect: 'error' }, undefined, signal);
  if (!answer.ok) throw await registryRequestErrorOf('log in to the registry', answer);
  const body = (await answer.json()) as { token?: string; access_token?: string; expires_in?: number };
  const token = body.token ?? body.access_token;
  if (token === undefined) throw new RegistryRequestError(answer.status, '', `${url.origin} returned no token`);
  return { token, lifeMs: (body.expires_in ?? 60) * 1000 };
}

async function fetchOrThrow(
  url: URL,
  init: RequestInit,
  body: RegistryRequest['body'],
  signal?: AbortSignal,
): Promise<Response> {
  const streamed = body === undefined || body instanceof Uint8Array ? body : ReadableStream.from(body);
  const sent = { ...init, body: streamed ?? null, signal: signal ?? null, duplex: 'half' };
  try {
    return await fetch(url, sent as RequestInit);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const reason = rootCause(cause);
    throw new RegistryRequestError(0, '', `${url.origin} does not answer: ${reason}`, { cause });
  }
}

// `fetch` says only "fetch failed"; its cause says what happened.
function rootCause(cause: unknown): string {
  let error = cause as Error & { code?: string };
  while (error.cause instanceof Error) error = error.cause as typeof error;
  return error.message || error.code || String(cause);
}
