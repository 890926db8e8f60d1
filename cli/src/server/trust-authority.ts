import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/**
 * Trusts the authorities of a PEM file in addition to those of the system, for every connection from now on. Throws
 * `CliError`.
 */
export function trustAuthority(file: string): void {
  try {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.usage, `the certificates of ${file} cannot be read (${code ?? message})`, { cause });
  }
}
