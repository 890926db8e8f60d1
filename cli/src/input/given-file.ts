import { readFileSync } from 'node:fs';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

const STANDARD_INPUT = 0;

/**
 * The text of a file named on the command line; `-` is standard input. Secrets are given in this way, since every user
 * of the machine sees the command line. Throws `CliError`.
 */
export function readGivenFile(file: string, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file === '-' ? STANDARD_INPUT : file));
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : `cannot be read (${code})`;
    throw new CliError(EXIT_CODES.usage, `the ${what} ${file} ${why}`, { cause });
  }
}

/** The only line of such a file, without the line end that editors and `echo` add. */
export function readGivenLine(file: string, what: string): string {
  return readGivenFile(file, what).replace(/\r?\n$/, '');
}
