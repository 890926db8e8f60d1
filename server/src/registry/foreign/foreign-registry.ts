import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

import { type PinnedRequestOptions, pinnedGet, pinnedRequest, readBody } from './pinned-request.ts';
import { RegistryError } from './registry-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** How to talk to a foreign registry; without a login, anonymously. */
export interface ForeignAccess extends Omit<PinnedRequestOptions, 'headers' | 'method' | 'body' | 'onRedirect'> {
  /** Also asks for the right to push. */
  writes?: boolean;
  login?: { user: string; password: string } | undefined;
}

/** One repository of an untrusted registry. */
export interface ForeignRepository {
  /** Sends a GET below the repository, `manifests/latest`; the status is 200. Throws RegistryError. */
  get(path: string, accept?: string): Promise<IncomingMessage>;
  /** The headers of the reply to a HEAD; undefined if the registry does not support it. Throws RegistryError. */
  head(path: string, accept: string): Promise<IncomingHttpHeaders | undefined>;
  /**
   * Sends a POST or PUT below the repository, or to the URL of an upload from an earlier reply. Returns the headers of an answer
   * with the expected status. Throws RegistryError.
   */
  write(sent: ForeignWrite): Promise<IncomingHttpHeaders>;
}

/** What is sent to a registry. */
export interface ForeignWrite {
  method: 'POST' | 'PUT';
  /** Below the repository, or a whole URL or path that the registry named. */
  path: string;
  expected: number;
  headers?: Record<string, string>;
  /** Can be sent only once: if the registry asks for a new token, the failure is one that another attempt may not have. */
  body?: Readable | undefined;
}

const MAX_TOKEN_BYTES = 65_536;
// Docker Hub answers under another name than its images have (containers/image, docker/docker_client.go).
const HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/**
 * Opens `name` at `host` with the token flow of distribution (docs/spec/auth/token.md), or with Basic credentials if
 * the registry wants these. A login is sent only to the registry itself and to the token service that its own reply
 * names: never after a redirect, and only over TLS, unless the registry is used without TLS.
 */
export function openForeignRepository(host: string, name: string, options: ForeignAccess): ForeignRepository {
  const base = new URL(`${options.tlsVerify ? 'https' : 'http'}://${HOSTS[host] ?? host}`);
  const shown = `${host}/${name}`;
  let authorization: string | undefined;
  const send = async (method: 'GET' | 'HEAD', path: string, accept: string | undefined) => {
    let isRedirected = false;
    const answer = await pinnedGet(new URL(path, base), {
      ...options,
      method,
      onRedirect: () => {
        isRedirected = true;
      },
      headers: { ...(accept ? { accept } : {}), ...(authorization ? { authorization } : {}) },
    });
    return { answer, isRedirected };
  };
  const authorize = async ({ answer, isRedirected }: { answer: IncomingMessage; isRedirected: boolean }) => {
    const login = isRedirected ? undefined : options.login;
    const challenge = answer.headers['www-authenticate'];
    if (login && isBasic(challenge)) authorization = basicOf(login);
    else authorization = `Bearer ${await fetchToken(challenge, { base, name, shown, options, login })}`;
  };
  const ask = async (method: 'GET' | 'HEAD', path: string, accept?: string): Promise<IncomingMessage> => {
    if (options.login && authorization === undefined) {
      // Some registries answer strangers that a private image does not exist, and never ask for credentials.
      const ping = await send('GET', '/v2/', undefined);
      ping.answer.destroy();
      if (ping.answer.statusCode === 401) await authorize(ping);
    }
    const url = `/v2/${name}/${path}`;
    const first = await send(method, url, accept);
    if (first.answer.statusCode !== 401) return first.answer;
    first.answer.destroy();
    await authorize(first);
    return (await send(method, url, accept)).answer;
  };
  const what = (path: string) => ({ what: `${shown}: ${path}`, host, login: options.login });
  const deliver = ({ method, path, headers = {}, body }: ForeignWrite) => {
    const url = URL.parse(isNamedPlace(path) ? path : `/v2/${name}/${path}`, base.href);
    if (url === null) throw new RegistryError('refused', `${shown}: the registry names a place that is no address`);
    // The place of an upload may be elsewhere, where our credentials have no business.
    const login = authorization !== undefined && url.origin === base.origin ? { authorization } : {};
    return pinnedRequest(url, { ...headers, ...login }, { ...options, method, body });
  };
  return {
    async write(sent) {
      const { path, expected, body } = sent;
      if (authorization === undefined) {
        const ping = await send('GET', '/v2/', undefined);
        ping.answer.destroy();
        if (ping.answer.statusCode === 401) await authorize(ping);
      }
      let answer = await deliver(sent);
      if (answer.statusCode === 401) {
        answer.destroy();
        await authorize({ answer, isRedirected: false });
        if (body !== undefined)
          throw new RegistryError('unreachable', `${shown}: the registry wants a new token`, '', { status: 401 });
        answer = await deliver(sent);
      }
      const { statusCode: status = 0, headers } = answer;
      answer.destroy();
      if (status !== expected) throw statusError(answer, what(isNamedPlace(path) ? 'the upload of a layer' : path));
      return headers;
    },
    async get(path, accept) {
      const answer = await ask('GET', path, accept);
      if (answer.statusCode === 200) return answer;
      answer.destroy();
      throw statusError(answer, what(path));
    },
    async head(path, accept) {
      const answer = await ask('HEAD', path, accept);
      answer.destroy();
      const { statusCode: status = 0, headers } = answer;
      if (status === 200) return headers;
      if (status === 404 || status === 401 || status === 403 || status === 429 || status >= 500)
        throw statusError(answer, what(path));
      return undefined;
    },
  };
}

function isNamedPlace(path: string): boolean {
  return path.startsWith('/') || path.includes('://');
}

function isBasic(challenge: string | undefined): boolean {
  return challenge !== undefined && /(^|,\s*)Basic\b/i.test(challenge) && !/(^|,\s*)Bearer\b/i.test(challenge);
}

function basicOf({ user, password }: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

interface TokenCall {
  base: URL;
  name: string;
  shown: string;
  options: ForeignAccess;
  /** Undefined if the challenge is not the registry's own. */
  login: ForeignAccess['login'];
}

async function fetchToken(challenge: string | undefined, call: TokenCall): Promise<string> {
  const { base, name, shown, options, login } = call;
  const bearer = (challenge ?? '').slice(Math.max(0, (challenge ?? '').search(/\bBearer\b/i)));
  const realm = /^Bearer\b/i.test(bearer) ? /\brealm="([^"]*)"/i.exec(bearer)?.[1] : undefined;
  if (realm === undefined || !URL.canParse(realm, base.href)) throw noLogin(shown, base, options);
  const url = new URL(realm, base);
  const service = /\bservice="([^"]*)"/i.exec(bearer)?.[1];
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${name}:${options.writes ? 'pull,push' : 'pull'}`);
  const isTls = url.protocol === 'https:';
  const answer = await pinnedGet(url, {
    ...options,
    // A server with an unverified certificate gets no login.
    tlsVerify: options.tlsVerify || (isTls && login !== undefined),
    ...(login ? { headers: { authorization: basicOf(login) } } : {}),
  });
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw statusError(answer, { what: `${shown}: the token service`, host: hostOf(shown), login });
  }
  const text = (await readBody(answer, MAX_TOKEN_BYTES, `${shown}: the token`)).toString();
  const token = parseToken(text);
  if (token === undefined) throw new RegistryError('refused', `${shown}: the token service gave no token`);
  return token;
}

function noLogin(shown: string, base: URL, { login }: ForeignAccess): RegistryError {
  const why = login
    ? `the registry wants credentials in an unknown way (${base.protocol}//${base.host})`
    : `the registry wants credentials, but none are set for it (slipway registry login ${hostOf(shown)})`;
  return new RegistryError('unauthorised', `${shown}: ${why}`, '', { status: 401 });
}

function hostOf(shown: string): string {
  return shown.slice(0, shown.indexOf('/'));
}

function parseToken(text: string): string | undefined {
  try {
    const { token, access_token: accessToken } = JSON.parse(text) as Record<string, unknown>;
    const found = token ?? accessToken;
    return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    // A reply that is not JSON has no token.
    return undefined;
  }
}

function statusError(
  { statusCode: status = 0, headers }: IncomingMessage,
  { what, host, login }: { what: string; host: string; login: ForeignAccess['login'] },
): RegistryError {
  const error = (kind: 'not-found' | 'unauthorised' | 'refused', why: string) =>
    new RegistryError(kind, `${what}: ${why}`, '', { status, retryAfterMs: retryAfterMs(headers) });
  if (status === 404) return error('not-found', 'the registry does not have it');
  if (status === 401 || status === 403) {
    return login
      ? error(
          'unauthorised',
          `the registry refuses access to ${login.user} (slipway registry login ${host} sets another login)`,
        )
      : error(
          'unauthorised',
          `the registry refuses access (no such image, or not public: slipway registry login ${host})`,
        );
  }
  if (status === 429) return error('refused', 'the registry limits the number of requests (HTTP 429)');
  return error('refused', `the registry answered HTTP ${status}`);
}
