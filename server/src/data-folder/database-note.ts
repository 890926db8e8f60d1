import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitError } from '#process/exit-error.ts';

/** In the data folder of a server whose records are elsewhere: where. */
const FILE = 'database.json';

/** Where the records of a data folder's server are; undefined for the folder itself. */
export function notedDatabase(root: string): string | undefined {
  const file = join(root, FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { Database } = JSON.parse(readFileSync(file, 'utf8')) as { Database?: unknown };
    return typeof Database === 'string' ? Database : 'another database';
  } catch {
    // Half of it, after a crash: what matters is that it is there.
    return 'another database';
  }
}

/** Notes that the records are elsewhere. */
export function noteDatabase(root: string, place: string): void {
  if (notedDatabase(root) === place) return;
  writeFileSync(join(root, FILE), `${JSON.stringify({ Database: place })}\n`, { flush: true });
}

/**
 * A server with another database than before would seem to have lost everything: one with records in the data folder does not begin again
 * in PostgreSQL, nor the other way round. Throws `ExitError` 4.
 */
export function refuseOtherDatabase(root: string, place: string | undefined): void {
  const noted = notedDatabase(root);
  if (place === undefined && noted !== undefined)
    throw new ExitError(
      4,
      `the records of the data folder ${root} are in ${noted}; set database and bucket as before, or choose another folder with --data`,
    );
  if (place !== undefined && noted === undefined && existsSync(join(root, 'db', 'slipway.sqlite')))
    throw new ExitError(
      4,
      `the data folder ${root} has records of its own, which the database ${place} does not have; choose another folder with --data, or remove the setting database`,
    );
}
