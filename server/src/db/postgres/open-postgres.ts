import { Kysely } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema/schema.ts';
import { refuseUnfit } from './fit-database.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresPool } from './postgres-pool.ts';

/**
 * Opens a database of PostgreSQL and migrates it to the newest schema. Throws `UnfitDatabase`, `DatabaseUnavailable` if it cannot be
 * reached, and `NewerDataFolder` if a newer version wrote it. While `mayUse` says no, what is asked of it ends with `DatabaseUnavailable`.
 */
export async function openPostgres(
  url: string,
  settings: PoolConfig = {},
  mayUse: () => boolean = () => true,
): Promise<Database> {
  // A migration of a large table takes as long as it takes.
  await using migrating = connect(url, { ...settings, max: 2, statement_timeout: 0 }, mayUse);
  await refuseUnfit(migrating);
  await migrate(migrating);
  return connect(url, settings, mayUse);
}

/** A database that has the schema already. */
export function connect(url: string, settings: PoolConfig = {}, mayUse = () => true): Database {
  return new Kysely<Tables>({ dialect: postgresDialect(postgresPool(url, settings, mayUse)) });
}
