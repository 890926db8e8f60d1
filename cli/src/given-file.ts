import { readFileSync } from 'node:fs';
import { CliError, EXIT_CODES } from './cli-error.ts';

const STANDARD_INPUT = 0;

/**
 * The text of a file that the command line names; `-` is standard input. Secrets come so: on the command line every user of
 * the machine sees them. Throws `CliError`.
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

/** The one line of such a file, without the end of line that editors and `echo` add. */
export function readGivenLine(file: string, what: string): string {
  return readGivenFile(file, what).replace(/\r?\n$/, '');
}
