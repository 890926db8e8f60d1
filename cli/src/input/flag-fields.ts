import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/**
 * The fields of a value such as `id=token,src=FILE`, as `docker build` writes them; a part that contains a comma is in
 * double quotes. A part without `=` is the value of `bare`, if `bare` is given. Throws `CliError`, naming what is
 * wrong.
 */
export function readFlagFields(
  text: string,
  known: readonly string[],
  bare?: string,
): Readonly<Record<string, string | undefined>> {
  const fields: Record<string, string> = {};
  for (const part of splitParts(text)) {
    const at = part.indexOf('=');
    const [name, value] =
      at < 0 && bare !== undefined ? [bare, part] : [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1)];
    if (!known.includes(name))
      throw mistake(
        `${JSON.stringify(part)} in ${JSON.stringify(text)} is not one of ${known.map((each) => `${each}=…`).join(', ')}`,
      );
    if (fields[name] !== undefined) throw mistake(`${JSON.stringify(text)} has ${name} twice`);
    fields[name] = value;
  }
  return fields;
}

function splitParts(text: string): string[] {
  const parts: string[] = [''];
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts;
}

function mistake(message: string): CliError {
  return new CliError(EXIT_CODES.usage, message);
}
