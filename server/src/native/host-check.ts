import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { type IpRange, ipInRange } from '#address/ip-range.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** The names of a server. */
export interface OwnNames {
  /** `host:port` of the public URL. */
  readonly publicHost?: string | undefined;
  readonly trustedProxies?: readonly IpRange[] | undefined;
}

type BrowserRequest = Pick<FastifyRequest, 'headers' | 'socket'>;

/**
 * Refuses a browser that used a name which is not ours: another person's name that now leads here (DNS rebinding) would
 * make their page one of our own origin. Addresses, `localhost` and the public URL's host are ours. The name by which a
 * trusted proxy was reached is checked by the proxy. Throws `MisdirectedRequest` 421.
 */
export function checkHost({ headers, socket }: BrowserRequest, names: OwnNames): void {
  const host = headers.host ?? '';
  const peer = socket?.remoteAddress;
  if (peer !== undefined && names.trustedProxies?.some((range) => ipInRange(peer, range))) return;
  const name = hostName(host);
  const own = name !== undefined && (isLocal(name) || isIP(name) !== 0 || name === hostName(names.publicHost ?? ''));
  if (own) return;
  const fix = `open the console by its public URL${names.publicHost ? ` (${names.publicHost})` : ''}, or set public-url.`;
  throw new ApiError('MisdirectedRequest', 421, `The host ${host || '(none)'} is not a name of this server: ${fix}`);
}

/**
 * Refuses a request from a page of another origin (https://www.w3.org/TR/fetch-metadata/ and the Origin header): such
 * pages have nothing to do with sessions. Programs other than browsers send neither header. Throws `NoPermission` 403.
 */
export function refuseOtherOrigins({ headers }: BrowserRequest, names: OwnNames): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign(`Sec-Fetch-Site: ${site}`);
  const { origin, host } = headers;
  if (origin === undefined) return;
  const match = /^https?:\/\/([^/]+)$/.exec(origin);
  if (!match || (match[1] !== host && match[1] !== names.publicHost)) throw foreign(`Origin: ${origin}`);
}

/** Whether a request came to a name that only this machine resolves to itself. */
export function isLocalHost({ headers }: BrowserRequest): boolean {
  const name = hostName(headers.host ?? '') ?? '';
  return isLocal(name) || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function isLocal(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function foreign(how: string): ApiError {
  return new ApiError('NoPermission', 403, `A page of another site (${how}) may not open, renew or end a session.`);
}
