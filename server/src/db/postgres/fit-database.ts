import { sql } from 'kysely';
import type { Database } from '../database.ts';

const OLDEST_VERSION = 15;

/** The database of PostgreSQL is not one that Slipway can use; the message says why, and how to fix it. */
export class UnfitDatabase extends Error {}

/**
 * Texts are compared and sorted by their bytes, as SQLite does. Names of tenants have to come in one order on every machine. Throws
 * `UnfitDatabase`. Returns the time of its clock.
 */
export async function refuseUnfit(db: Database): Promise<number> {
  const { rows } = await sql<{ version: number; encoding: string; name: string; isC: boolean; nowMs: number }>`
    select current_setting('server_version_num')::int / 10000 as version,
      pg_encoding_to_char(encoding) as encoding, datname as name,
      (datcollate in ('C', 'POSIX') and datctype in ('C', 'POSIX') and datlocprovider = 'c') as "isC",
      round(extract(epoch from clock_timestamp()) * 1000)::bigint as "nowMs"
    from pg_database where datname = current_database()`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error('the database has no row in pg_database');
  const { version, encoding, name, isC, nowMs } = found;
  if (version < OLDEST_VERSION)
    throw new UnfitDatabase(
      `the database runs on PostgreSQL ${version}, but Slipway needs ${OLDEST_VERSION} or newer: upgrade it`,
    );
  if (encoding === 'UTF8' && isC) return nowMs;
  const wrong = encoding === 'UTF8' ? 'another locale than C' : `the encoding ${encoding} instead of UTF8`;
  const id = name.replaceAll('"', '""');
  throw new UnfitDatabase(
    `the database ${name} has ${wrong}: make a new one with: create database "${id}" template template0 encoding 'UTF8' locale 'C'`,
  );
}
