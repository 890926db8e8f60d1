import { setGlobalProxyFromEnv } from 'node:http';
import type { Environment } from '../input/environment.ts';
import { noteFailedConnections } from './proxy-failure.ts';
import { proxyUrl } from './proxy-url.ts';

const OWN_MACHINE = 'localhost,127.0.0.1,::1,[::1]';

/**
 * Reaches other machines through the proxy that the environment names, as curl does, for every connection from now on.
 * A server on this machine is reached directly, regardless of `NO_PROXY`. Throws `CliError`.
 */
export function useProxy(proxy: Environment['proxy']): void {
  const variables = proxyVariables(proxy);
  if (variables === undefined) return;
  setGlobalProxyFromEnv(variables);
  noteFailedConnections();
}

/** The proxy for connections of other programs; undefined without one. Throws `CliError`. */
export function proxyVariables({ http, https, direct }: Environment['proxy']) {
  if (http === undefined && https === undefined) return undefined;
  return {
    http_proxy: http && proxyUrl(http).href,
    https_proxy: https && proxyUrl(https).href,
    no_proxy: direct === '*' || direct === undefined ? (direct ?? OWN_MACHINE) : `${direct},${OWN_MACHINE}`,
  };
}
