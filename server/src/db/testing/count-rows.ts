import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { engineOf } from '../engine.ts';

/** Lets PostgreSQL count the rows of its tables now, as it does by itself a minute later. A server never does so with SQLite. */
export async function countRows(db: Database): Promise<void> {
  if (engineOf(db) === 'postgres') await sql`analyze`.execute(db);
}
