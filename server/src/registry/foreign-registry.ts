import type { IncomingMessage } from 'node:http';

import { type PinnedRequestOptions, pinnedGet, readBody } from './pinned-request.ts';
import { RegistryError } from './registry-error.ts';

/** One repository of a registry that strangers choose; it is read anonymously. */
export interface ForeignRepository {
  /** Sends a GET below the repository, `manifests/latest`; the status is 200. Throws RegistryError. */
  get(path: string, accept?: string): Promise<IncomingMessage>;
}

const MAX_TOKEN_BYTES = 65_536;
// Docker Hub answers under another name than its images carry (containers/image, docker/docker_client.go).
const HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** Opens `name` at `host` with the token flow of distribution (docs/spec/auth/token.md), without credentials. */
export function openForeignRepository(host: string, name: string, options: PinnedRequestOptions): ForeignRepository {
  const base = new URL(`${options.tlsVerify ? 'https' : 'http'}://${HOSTS[host] ?? host}`);
  const shown = `${host}/${name}`;
  let authorization: string | undefined;
  const send = (path: string, accept: string | undefined) =>
    pinnedGet(new URL(`/v2/${name}/${path}`, base), {
      ...options,
      headers: { ...(accept ? { accept } : {}), ...(authorization ? { authorization } : {}) },
    });
  return {
    async get(path, accept) {
      let answer = await send(path, accept);
      if (answer.statusCode === 401) {
        answer.destroy();
        const token = await fetchToken(answer.headers['www-authenticate'], base, name, shown, options);
        authorization = `Bearer ${token}`;
        answer = await send(path, accept);
      }
      if (answer.statusCode === 200) return answer;
      answer.destroy();
      throw statusError(answer.statusCode ?? 0, `${shown}: ${path}`);
    },
  };
}

async function fetchToken(
  challenge: string | undefined,
  base: URL,
  name: string,
  shown: string,
  options: PinnedRequestOptions,
): Promise<string> {
  const realm = /^Bearer\b.*?\brealm="([^"]*)"/i.exec(challenge ?? '')?.[1];
  if (realm === undefined || !URL.canParse(realm, base.href)) {
    throw new RegistryError('unauthorised', `${shown}: the registry wants credentials, and there are none for it`);
  }
  const url = new URL(realm, base);
  const service = /\bservice="([^"]*)"/i.exec(challenge ?? '')?.[1];
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${name}:pull`);
  const answer = await pinnedGet(url, options);
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw statusError(answer.statusCode ?? 0, `${shown}: the token service`);
  }
  const text = (await readBody(answer, MAX_TOKEN_BYTES, `${shown}: the token`)).toString();
  const token = parseToken(text);
  if (token === undefined) throw new RegistryError('refused', `${shown}: the token service gave no token`);
  return token;
}

function parseToken(text: string): string | undefined {
  try {
    const { token, access_token: accessToken } = JSON.parse(text) as Record<string, unknown>;
    const found = token ?? accessToken;
    return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    // Not JSON is no token.
    return undefined;
  }
}

function statusError(status: number, what: string): RegistryError {
  if (status === 404) return new RegistryError('not-found', `${what}: the registry does not have it`);
  if (status === 401 || status === 403) {
    return new RegistryError('unauthorised', `${what}: the registry refuses access (no such image, or not public)`);
  }
  if (status === 429)
    return new RegistryError('refused', `${what}: the registry limits how much is fetched (HTTP 429)`);
  return new RegistryError('refused', `${what}: the registry answered HTTP ${status}`);
}
