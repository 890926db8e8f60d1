import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { NewerDataFolder } from '#db/migrate.ts';
import { UnfitDatabase } from '#db/postgres/fit-database.ts';
import { MoveRefused } from './move-refused.ts';

/** The address of a database without its password. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return 'the database';
  url.password = '';
  for (const name of ['password', 'uselibpqcompat']) url.searchParams.delete(name);
  return url.href;
}

/** What an error of the database means, and how to fix it; other errors are returned unchanged. */
export function databaseFault(error: unknown, url: string): unknown {
  if (error instanceof MoveRefused || !(error instanceof Error)) return error;
  if (error instanceof DatabaseUnavailable) return databaseFault(error.cause, url);
  if (error instanceof UnfitDatabase) return new MoveRefused(2, error.message, { cause: error });
  if (error instanceof NewerDataFolder)
    return new MoveRefused(
      4,
      `a newer version of Slipway has migrated the database (${error.unknown.join(', ')}); use that version`,
      { cause: error },
    );
  const { code = '', message, path } = error as NodeJS.ErrnoException;
  // A file of the old folder.
  if (path !== undefined) return error;
  const at = shownUrl(url);
  const refused = (exitCode: 2 | 4, text: string) => new MoveRefused(exitCode, text, { cause: error });
  switch (code) {
    case '28P01':
    case '28000':
      return refused(2, `${at} refused the user or the password (${message}); check them in --to`);
    case '3D000':
      return refused(
        2,
        `the server of ${at} has no such database; make it with: create database NAME template template0 encoding 'UTF8' locale 'C'`,
      );
    case '42501':
      return refused(
        2,
        `the user of ${at} may not do this (${message}); make this user the owner of the database: alter database NAME owner to USER`,
      );
    case '53100':
      return refused(4, `the disk of ${at} is full; free some space, then run the same command again, it continues`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refused(2, `the host of ${at} is not known (${message}); check it in --to`);
  }
  if (
    /^(08|53|57P)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /^Connection terminated|not queryable|timeout/.test(message)
  )
    return refused(
      4,
      `${at} cannot be reached (${code || message}); check --to and that PostgreSQL runs, then run the same command again, it continues`,
    );
  if (/^[0-9A-Z]{5}$/.test(code))
    return refused(4, `${at} refused a statement (${code}: ${message}); nothing in the old folder was changed`);
  return error;
}
