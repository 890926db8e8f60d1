import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Environment, NamedProxy } from '../input/environment.ts';
import { proxyUrl } from './proxy-url.ts';

/** Where fetch reports connections that it could not make: its errors do not say where they were to lead. */
const CHANNEL = 'undici:client:connectError';
const DOUBTS = /CERT|ISSUER|SELF_SIGNED|VERIFY|ALTNAME/;

/** A connection that could not be made, by its error. */
interface FailedConnection {
  /** The origin that was not reached: the proxy, if there is one. */
  readonly first: string;
  /** The origin that was wanted: with the same error, the connection to the proxy fails first, and then the one through it. */
  last: string;
}

/** What becomes the code of an error if the proxy closed the connection. */
const CLOSED = 'it closed the connection';

const failedConnections = new WeakMap<object, FailedConnection>();

/** From now on, `proxyFailure` knows where connections were to lead. */
export function noteFailedConnections(): void {
  unsubscribe(CHANNEL, note);
  subscribe(CHANNEL, note);
}

function note(message: unknown): void {
  const { connectParams, error } = message as {
    connectParams: { protocol: string; host: string };
    error: NodeJS.ErrnoException;
  };
  // With its own code for this, fetch would connect again and again, forever. Only proxies close a connection before there
  // is one.
  if (error.code === 'UND_ERR_SOCKET') error.code = CLOSED;
  const last = new URL(`${connectParams.protocol}//${connectParams.host}`).origin;
  const known = failedConnections.get(error);
  if (known === undefined) failedConnections.set(error, { first: last, last });
  else known.last = last;
}

/**
 * What is wrong with the proxy of a request that fetch could not make, in one sentence with the fix. Undefined if no proxy is at
 * fault, also because the request did not go through one.
 */
export function proxyFailure(error: TypeError, { http, https }: Environment['proxy']): string | undefined {
  let cause: unknown = error.cause;
  while (cause instanceof Error && !failedConnections.has(cause)) cause = cause.cause;
  const failed = cause instanceof Error ? failedConnections.get(cause) : undefined;
  if (failed === undefined) return undefined;
  const server = new URL(failed.last);
  const proxy = server.protocol === 'https:' ? (https ?? http) : http;
  if (proxy === undefined) return undefined;
  const { code = 'no reason given', message } = cause as NodeJS.ErrnoException;
  const directly = `add ${server.hostname} to NO_PROXY to reach it without a proxy`;
  if (failed.first === proxyUrl(proxy).origin) {
    if (DOUBTS.test(code))
      return `the certificate of ${nameOf(proxy)} is not trusted (${code}); name its certificate authority with --ca-file`;
    return `${nameOf(proxy)} does not answer (${code}); start it, correct or unset ${proxy.variable}, or ${directly}`;
  }
  const [, status] = /^Proxy response \((\d+)\)/.exec(message) ?? [];
  if (status === '407')
    return `${nameOf(proxy)} wants a user name and a password (HTTP 407): set ${proxy.variable} to http://USER:PASSWORD@HOST:PORT, or ${directly}`;
  if (status === undefined && code !== CLOSED) return undefined;
  const why = status === undefined ? code : `HTTP ${status}`;
  return `${nameOf(proxy)} does not connect to ${server.host} (${why}); check --endpoint and the rules of the proxy, or ${directly}`;
}

/** Without the password that the variable may have. */
function nameOf(proxy: NamedProxy): string {
  return `the proxy of ${proxy.variable} (${proxyUrl(proxy).origin})`;
}
