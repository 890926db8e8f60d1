import type { Config } from './config.ts';
import { type DatabaseAddress, urlWithPassword } from './database-url.ts';
import { readPassword } from './password-file.ts';

/** The database of PostgreSQL, as the driver takes it, and what no log may have of it. */
export interface ReadDatabase {
  url: string;
  /** The URL without its password. */
  place: string;
  password: string | undefined;
}

/** Where the database is, with the password of its file; undefined for the one in the data folder. Throws `ConfigError`. */
export function readDatabase(config: Config): ReadDatabase | undefined {
  const address: DatabaseAddress | undefined = config.database;
  if (address === undefined) return undefined;
  const password = address.password ?? readPassword('database-password-file', config['database-password-file']);
  return { url: urlWithPassword(address.url, password), place: address.url, password };
}
