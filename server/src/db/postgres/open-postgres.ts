import { Kysely, sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../schema/schema.ts';
import { refuseUnfit, UnfitDatabase } from './fit-database.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { type DatabaseHold, postgresPool } from './postgres-pool.ts';

/** What a database has as long as rows are moved into it: what was done, and the sign that it is not whole. */
export const MOVE_TABLE = 'move_progress';

/**
 * Opens a database of PostgreSQL and migrates it to the newest schema. Throws `UnfitDatabase`, `DatabaseUnavailable` if it cannot be
 * reached, and `NewerDataFolder` if a newer version wrote it. While `hold` is not held, what is asked of it ends with `DatabaseUnavailable`.
 */
export async function openPostgres(url: string, settings: PoolConfig = {}, hold?: DatabaseHold): Promise<Database> {
  await using migrating = connectToMigrate(url, settings, hold);
  await refuseUnfit(migrating);
  await refuseUnfinished(migrating);
  await migrate(migrating);
  return connect(url, settings, hold);
}

/** A database whose statements have no time limit: a migration of a large table takes as long as it takes. */
export function connectToMigrate(url: string, settings: PoolConfig = {}, hold?: DatabaseHold): Database {
  return connect(url, { ...settings, max: 2, statement_timeout: 0 }, hold);
}

/** A database that has the schema already. */
export function connect(url: string, settings: PoolConfig = {}, hold?: DatabaseHold): Database {
  return new Kysely<Tables>({ dialect: postgresDialect(postgresPool(url, settings, hold)) });
}

/** A move that was interrupted left only some of the rows. */
async function refuseUnfinished(db: Database): Promise<void> {
  const { rows } = await sql<{
    isMoving: boolean;
  }>`select to_regclass(${MOVE_TABLE}) is not null as "isMoving"`.execute(db);
  if (rows[0]?.isMoving === true)
    throw new UnfitDatabase(
      'a move of a data folder into the database was interrupted: run the same slipway move again, it continues',
    );
}
