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
   * Transactions of one name come one after another, each of whose statements sees what those before wrote. For work that many do at
   * once on the same rows, and that would otherwise fail again and again.
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
  const isolated = db.transaction().setIsolationLevel(inTurn === undefined ? 'serializable' : 'read committed');
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await isolated.execute(async (trx) => {
        if (inTurn !== undefined) await takeTurn(trx, inTurn);
        return work(trx);
      });
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === RETRIES)
        throw new DatabaseUnavailable('other transactions kept changing the same', { cause: error });
      retriedTransactions.publish(inTurn);
      await sleep(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}

/** A transaction `inTurn` of one statement, which SQLite runs alone anyway. */
export function statementInTurn<Result>(
  db: Database,
  statement: (db: Database) => Promise<Result>,
  inTurn: string,
): Promise<Result> {
  return engineOf(db) === 'sqlite' ? statement(db) : transaction(db, statement, { inTurn });
}

/**
 * Waits in a transaction until no other one that has taken this turn runs. SQLite never has another one.
 * A snapshot of PostgreSQL does not see what those before wrote, unless the transaction is one `inTurn`.
 */
export async function takeTurn(trx: Database, name: string): Promise<void> {
  if (engineOf(trx) === 'sqlite') return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}

/** Serialization failure, and deadlock: https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html */
const CONFLICTS = new Set(['40001', '40P01']);

function isConflict(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (CONFLICTS.has(String((at as { code?: unknown }).code))) return true;
  return false;
}
