import { readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** The password of the login at the mail server, from its file; undefined without one. Throws `ConfigError`. */
export function readMailPassword(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let password: string;
  try {
    password = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError([`smtp-password-file ${file}: ${(error as Error).message}`]);
  }
  if (password === '') throw new ConfigError([`smtp-password-file ${file} is empty; write the password into it`]);
  return password;
}
