import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, DatabaseWriter, openDatabase, openMemoryDatabase } from '../database.ts';
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

/** One new, empty database over two connections, until both are closed. */
export async function openTwiceUnderTest(): Promise<{
  both: [Database, Database];
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const undo = new AsyncDisposableStack();
  const close = () => undo.disposeAsync();
  if (TESTED_ENGINE === 'postgres') {
    const { takePostgresDatabase } = await import('./tested-postgres.ts');
    const database = await takePostgresDatabase();
    const both: [Database, Database] = [database.open(), database.open()];
    for (const db of both) undo.defer(() => db.destroy());
    return { both, [Symbol.asyncDispose]: close };
  }
  const folder = await mkdtemp(join(tmpdir(), 'slipway-db-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const open = async () => openDatabase(join(folder, 'db.sqlite'), await DatabaseWriter.start());
  const both: [Database, Database] = [await open(), await open()];
  for (const db of both) undo.defer(() => db.destroy());
  return { both, [Symbol.asyncDispose]: close };
}
