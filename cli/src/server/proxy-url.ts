import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { NamedProxy } from '../input/environment.ts';

/** Without a scheme it is http, as curl takes it. Throws `CliError`. */
export function proxyUrl({ variable, address }: NamedProxy): URL {
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new CliError(EXIT_CODES.usage, `the proxy of ${variable} is not of the form http://HOST:PORT`);
}
