import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientBase, DatabaseError, Pool, type PoolClient, type PoolConfig, types } from 'pg';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { preparedName } from '../prepared-names.ts';
import { storable } from '../storable-text.ts';

/** How long one statement may take. Those of the server take milliseconds; only migrations have no limit. */
const STATEMENT_MS = 30_000;
/** How long a transaction may do nothing: its server may be gone, and others wait for its locks. */
const IDLE_IN_TRANSACTION_MS = 30_000;
const CONNECT_MS = 10_000;
/** Beyond the limit that the server keeps: a network that is cut answers nothing. */
const NO_ANSWER_MS = 5_000;
const CONNECTIONS = 10;

/** Errors of the server by which the same statement may succeed later: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const PASSING = new Set([
  // Shut down, crashed, or starting; disconnected as idle.
  ...['57P01', '57P02', '57P03', '57P05', '25P03'],
  // Took longer than it may, or waited too long for a lock.
  ...['57014', '55P03'],
  // A standby, or a primary that has become one.
  '25006',
]);
/** Classes of errors: the connection broke, or the server lacks disk, memory or connections. */
const PASSING_CLASSES = new Set(['08', '53']);

/** The right of one server to use a database. */
export interface DatabaseHold {
  /** The name of the connections of its pool. Another server that takes the database ends those that have others. */
  readonly poolName: string;
  /** Whether this server has the database, so far as it knows. */
  isHeld(): boolean;
  /** Asks PostgreSQL on a new connection of the pool. Throws unless this server has the database. */
  confirm(client: ClientBase): Promise<void>;
  /** Calls back each time when PostgreSQL has answered nothing for some seconds. */
  onSilence(act: () => void): void;
}

/** Connections of a server of PostgreSQL, as Kysely takes them; none while it does not hold the database, if `hold` is given. */
export function postgresPool(url: string, settings: PoolConfig = {}, hold?: DatabaseHold): PostgresPool {
  const limitMs = settings.statement_timeout ?? STATEMENT_MS;
  const pool = new Pool({
    connectionString: url,
    application_name: hold?.poolName ?? 'slipway',
    ...(hold && { onConnect: (client) => hold.confirm(client) }),
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    statement_timeout: limitMs,
    query_timeout: limitMs ? limitMs + NO_ANSWER_MS : 0,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...settings,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  // A connection that breaks between two statements fails the next one, or is replaced.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  const waiting = new Set<(reason: Error) => void>();
  hold?.onSilence(() => {
    for (const giveUp of waiting) giveUp(new Error('the database does not answer'));
  });
  return {
    options: pool.options,
    connect: async () => {
      if (hold?.isHeld() === false) throw new DatabaseUnavailable('the database is away');
      try {
        return checked(await pool.connect(), waiting);
      } catch (error) {
        throw new DatabaseUnavailable('connect to the database', { cause: error });
      }
    },
    end: () => pool.end(),
  };
}

/** A connection whose errors say whether the same may succeed later. What it waits for can be given up by `waiting`. */
function checked(client: PoolClient, waiting: Set<(reason: Error) => void>): PostgresPoolClient {
  let isBroken = false;
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    waiting.add(giveUp);
    try {
      const values = [...storable(parameters)];
      const name = preparedName(sql);
      const asked = client.query(name === undefined ? { text: sql, values } : { name, text: sql, values });
      return await Promise.race([asked, givenUp]);
    } catch (error) {
      if (error instanceof UnsafeNumber) throw error;
      const { code = '' } = error as DatabaseError;
      if (error instanceof DatabaseError && !PASSING.has(code) && !PASSING_CLASSES.has(code.slice(0, 2))) throw error;
      // One that may still have a turn ends it by ending itself.
      isBroken ||= !(error instanceof DatabaseError) || error.severity !== 'ERROR' || sql.includes('pg_advisory_');
      throw new DatabaseUnavailable('ask the database', { cause: error });
    } finally {
      waiting.delete(giveUp);
    }
  };
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy || isBroken),
  };
}

/** A number of the database that has no exact value in JavaScript. */
export class UnsafeNumber extends RangeError {}

const NUMBERS: Readonly<Record<number, (text: string) => number>> = {
  // int8, and numeric, which sums and averages have.
  20: safeInteger,
  1700: (text) => (/^-?\d+$/.test(text) ? safeInteger(text) : Number(text)),
};

function parserOf(oid: number, format: 'text' | 'binary'): unknown {
  return (format === 'text' ? NUMBERS[oid] : undefined) ?? types.getTypeParser(oid, format);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new UnsafeNumber(`the database has the number ${text}, which is too large`);
  return value;
}
