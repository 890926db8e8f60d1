import { readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** The password in the file of a setting; undefined without one. Throws `ConfigError`. */
export function readPassword(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let password: string;
  try {
    password = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError([`${setting} ${file}: ${(error as Error).message}`]);
  }
  if (password === '') throw new ConfigError([`${setting} ${file} is empty; write the password into it`]);
  return password;
}
