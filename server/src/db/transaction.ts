import { channel } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { engineOf } from './engine.ts';

/** Publishes the `name` of each transaction that is tried again because of others at the same time; undefined without a name. */
export const retriedTransactions = channel('slipway:transaction-retry');

/** How a transaction behaves beside others. */
export interface TransactionOptions {
  /**
   * Transactions of one name come one after another, each of which sees what those before wrote. For work that many do at once on the
   * same rows, and that would otherwise fail again and again.
   */
  inTurn?: string;
}

const RETRIES = 3;
const LONGEST_FIRST_PAUSE_MS = 20;

/**
 * Does `work` in one transaction: all of it happens, or nothing, and as if no other transaction ran at the same time. SQLite lets only one
 * run. On PostgreSQL, one that would see or undo parts of another is rolled back and tried again, up to three times; so `work` must
 * change nothing but the database. Throws `DatabaseUnavailable` if that did not help.
 */
export async function transaction<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
  { inTurn }: TransactionOptions = {},
): Promise<Result> {
  if (engineOf(db) === 'sqlite') return db.transaction().execute(work);
  if (inTurn !== undefined) return turn(db, inTurn, (own) => tried(own, work, RETRIES + 1, inTurn));
  try {
    return await once(db, work);
  } catch (error) {
    if (!isConflict(error)) throw error;
    retriedTransactions.publish(undefined);
  }
  // Those of this server that failed do not fail because of each other again.
  return queued(db, 'again', () => tried(db, work, RETRIES, undefined));
}

/** One statement in turn, which SQLite runs alone anyway. Between statements, PostgreSQL isolates nothing. */
export function statementInTurn<Result>(
  db: Database,
  statement: (db: Database) => Promise<Result>,
  inTurn: string,
): Promise<Result> {
  return engineOf(db) === 'sqlite' ? statement(db) : turn(db, inTurn, statement);
}

/** Waits in a transaction until no other one that has taken this turn runs. SQLite never has another one. */
export async function takeTurn(trx: Database, name: string): Promise<void> {
  if (engineOf(trx) === 'sqlite') return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}

/**
 * Acts on one connection while nobody else has the turn. A transaction sees what was committed before its first statement, so the
 * turn has to be taken before it begins.
 */
function turn<Result>(db: Database, name: string, act: (own: Database) => Promise<Result>): Promise<Result> {
  // Those of one server wait here, where they need no connection.
  return queued(db, name, () =>
    db.connection().execute(async (own) => {
      await sql`select pg_advisory_lock(hashtextextended(${name}, 0))`.execute(own);
      const done = await settled(act(own));
      const given = await settled(sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(own));
      if ('error' in done) throw done.error;
      // If the connection is lost, the pool closes it, and the turn ends with it. What was done is done.
      if ('error' in given && !(given.error instanceof DatabaseUnavailable)) throw given.error;
      return done.result;
    }),
  );
}

/** So that a fault of the act is not hidden by one of what follows: Kysely refuses a connection on which ROLLBACK failed. */
function settled<Result>(act: Promise<Result>): Promise<{ result: Result } | { error: unknown }> {
  return act.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
}

const queues = new WeakMap<Database, Map<string, Promise<void>>>();

/** Acts after all who asked for the same name before have acted. */
async function queued<Result>(db: Database, name: string, act: () => Promise<Result>): Promise<Result> {
  const ofDatabase = queues.get(db) ?? new Map<string, Promise<void>>();
  queues.set(db, ofDatabase);
  const before = ofDatabase.get(name);
  const { promise: own, resolve } = Promise.withResolvers<void>();
  ofDatabase.set(name, own);
  await before;
  try {
    return await act();
  } finally {
    if (ofDatabase.get(name) === own) ofDatabase.delete(name);
    resolve();
  }
}

function once<Result>(db: Database, work: (trx: Database) => Promise<Result>): Promise<Result> {
  return db.transaction().setIsolationLevel('serializable').execute(work);
}

async function tried<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
  times: number,
  name: string | undefined,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(db, work);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === times)
        throw new DatabaseUnavailable('other transactions kept changing the same', { cause: error });
      retriedTransactions.publish(name);
      await sleep(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}

/** Serialization failure, and deadlock: https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html */
const CONFLICTS = new Set(['40001', '40P01']);

function isConflict(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (CONFLICTS.has(String((at as { code?: unknown }).code))) return true;
  return false;
}
