import { setGlobalProxyFromEnv } from 'node:http';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { Environment } from '../input/environment.ts';

const OWN_MACHINE = 'localhost,127.0.0.1,::1,[::1]';

/**
 * Reaches other machines through the proxy that the environment names, as curl does, for every connection from now on.
 * A server on this machine is reached directly, regardless of `NO_PROXY`. Throws `CliError`.
 */
export function useProxy(proxy: Environment['proxy']): void {
  const variables = proxyVariables(proxy);
  if (variables !== undefined) setGlobalProxyFromEnv(variables);
}

/** The proxy for connections of other programs; undefined without one. Throws `CliError`. */
export function proxyVariables({ http, https, direct }: Environment['proxy']) {
  if (http === undefined && https === undefined) return undefined;
  return {
    http_proxy: proxyAddress('HTTP_PROXY', http),
    https_proxy: proxyAddress('HTTPS_PROXY', https),
    no_proxy: direct === '*' || direct === undefined ? (direct ?? OWN_MACHINE) : `${direct},${OWN_MACHINE}`,
  };
}

/** Without a scheme it is http, as curl takes it. */
function proxyAddress(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  if (/^https?:$/.test(URL.parse(address)?.protocol ?? '')) return address;
  throw new CliError(EXIT_CODES.usage, `the proxy of ${name} is not of the form http://HOST:PORT`);
}
