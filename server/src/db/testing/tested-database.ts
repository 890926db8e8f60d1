import { type Database, openMemoryDatabase } from '../database.ts';
import type { Engine } from '../engine.ts';

/**
 * What runs the databases of tests: SQLite in memory, unless SLIPWAY_TEST_DATABASE says `postgres`, or where a server of
 * PostgreSQL is that several processes share.
 */
export const TEST_DATABASE = process.env.SLIPWAY_TEST_DATABASE ?? 'sqlite';
const TESTED_ENGINE: Engine = TEST_DATABASE === 'sqlite' ? 'sqlite' : 'postgres';

/** For `skip`: why a test is only for the engine that does not run now. */
export function onlyOn(engine: Engine, why: string): string | false {
  return engine !== TESTED_ENGINE && `only on ${engine}: ${why}`;
}

/** A new, empty database with the newest schema, until it is destroyed. */
export async function openDatabaseUnderTest(): Promise<Database> {
  if (TESTED_ENGINE === 'sqlite') return openMemoryDatabase();
  const { takePostgresDatabase } = await import('./tested-postgres.ts');
  return (await takePostgresDatabase()).open();
}
