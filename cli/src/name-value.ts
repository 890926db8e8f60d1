import { CliError, EXIT_CODES } from './cli-error.ts';

/** The two sides of a `NAME=VALUE` of the command line. Throws `CliError`. */
export function parseNameValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new CliError(EXIT_CODES.usage, `${JSON.stringify(text)} is not of the form NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
