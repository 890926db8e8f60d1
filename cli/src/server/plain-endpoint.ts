import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** The address of a server, without a slash at its end. Throws `CliError`. */
export function plainEndpoint(endpoint: string): string {
  if (/^https?:\/\/[^/\s]+\/?$/.test(endpoint)) return endpoint.replace(/\/$/, '');
  throw new CliError(EXIT_CODES.usage, `the endpoint ${JSON.stringify(endpoint)} is not of the form http://HOST:PORT`);
}
