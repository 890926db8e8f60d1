import { Kysely, sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema/schema.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresPool } from './postgres-pool.ts';

const OLDEST_VERSION = 15;

/** The database of PostgreSQL is not one that Slipway can use; the message says why, and how to fix it. */
export class UnfitDatabase extends Error {}

/**
 * Opens a database of PostgreSQL and migrates it to the newest schema. Throws `UnfitDatabase`, `DatabaseUnavailable` if it cannot be
 * reached, and `NewerDataFolder` if a newer version wrote it.
 */
export async function openPostgres(url: string, settings: PoolConfig = {}): Promise<Database> {
  // A migration of a large table takes as long as it takes.
  await using migrating = connect(url, { ...settings, max: 2, statement_timeout: 0 });
  await requireFit(migrating);
  await migrate(migrating);
  return connect(url, settings);
}

/** A database that has the schema already. */
export function connect(url: string, settings: PoolConfig = {}): Database {
  return new Kysely<Tables>({ dialect: postgresDialect(postgresPool(url, settings)) });
}

/** Texts are compared and sorted by their bytes, as SQLite does. Names of tenants have to come in one order on every machine. */
async function requireFit(db: Database): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string; name: string; isC: boolean }>`
    select current_setting('server_version_num')::int / 10000 as version,
      pg_encoding_to_char(encoding) as encoding, datname as name,
      (datcollate in ('C', 'POSIX') and datctype in ('C', 'POSIX') and datlocprovider = 'c') as "isC"
    from pg_database where datname = current_database()`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error('the database has no row in pg_database');
  const { version, encoding, name, isC } = found;
  if (version < OLDEST_VERSION)
    throw new UnfitDatabase(
      `the database runs on PostgreSQL ${version}, but Slipway needs ${OLDEST_VERSION} or newer: upgrade it`,
    );
  if (encoding === 'UTF8' && isC) return;
  const wrong = encoding === 'UTF8' ? 'another locale than C' : `the encoding ${encoding} instead of UTF8`;
  const id = name.replaceAll('"', '""');
  throw new UnfitDatabase(
    `the database ${name} has ${wrong}: make a new one with: create database "${id}" template template0 encoding 'UTF8' locale 'C'`,
  );
}
