import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** The two sides of a `NAME=VALUE` on the command line. Throws `CliError`. */
export function parseNameValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new CliError(EXIT_CODES.usage, `${JSON.stringify(text)} is not of the form NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** All values by name. Throws `CliError`, also for a repeated name. */
export function parseNameValues(texts: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of texts.map(parseNameValue)) {
    if (values.has(name)) throw new CliError(EXIT_CODES.usage, `${name} is given twice`);
    values.set(name, value);
  }
  return Object.fromEntries(values);
}
